"""Composition of documents: ``python -m services.documents rpc|worker|migrate|move-contents|rotate-keys``."""

import chassis.eventlet_patch  # noqa: F401, I001  # has to be first: a worker is patched before anything else is imported

from pathlib import Path

from chassis import telemetry
from chassis.bus.worker_spec import Timer
from chassis.cli import main
from chassis.kernel import SystemClock, Transactions, get_markets
from chassis.service import ServiceParts, Runtime, Service
from services.documents.commands.rotate_keys import rotate_keys
from services.documents.contract.service import DocumentsContract, UseCases
from services.documents.contract.upload_limits import UPLOAD_LIMITS
from services.documents.events.incoming import SUBSCRIBES_TO, make_subscriptions
from services.documents.events.outgoing import event_to_proto
from services.documents.inspection.inspector import ProcessInspector
from services.documents.remote.applications import EnrollmentApplications, EnrollmentApplicationSummaries
from services.documents.remote.proposals import QuoteProposals
from services.documents.remote.text_versions import EnrollmentTextVersions
from services.documents.settings import DocumentsSettings
from services.documents.store.blobs import Blobs, FolderBlobs
from services.documents.store.contents import DocumentContents
from services.documents.store.document_ciphers import DocumentCiphers
from services.documents.store.tables import INFRASTRUCTURE
from services.documents.store.work import UnitOfWork, make_transactions
from services.documents.typesetting.carriers import read_carriers
from services.documents.typesetting.legal_texts import CarrierTexts
from services.documents.typesetting.processes import TypesettingProcesses
from services.documents.typesetting.text_folder import read_texts
from services.documents.typesetting.typesetter import TypstTypesetter
from services.documents.usecases.add_proof_document import AddProofDocument
from services.documents.usecases.check_texts import CheckTexts
from services.documents.usecases.count_overdue_files import CountOverdueFiles
from services.documents.usecases.delete_expired_documents import DeleteExpiredDocuments
from services.documents.usecases.delete_orphan_blobs import DeleteOrphanBlobs
from services.documents.usecases.get_application_pdf import GetApplicationPdf
from services.documents.usecases.get_proof_document import GetProofDocument
from services.documents.usecases.get_proposal_pdf import GetProposalPdf
from services.documents.usecases.get_review_pdf import GetReviewPdf
from services.documents.usecases.get_text import GetText
from services.documents.usecases.list_proof_documents import ListProofDocuments
from services.documents.usecases.note_cancellation import NoteCancellation
from services.documents.usecases.note_contact_change import NoteContactChange
from services.documents.usecases.note_render_failure import NoteRenderFailure
from services.documents.usecases.note_submission import NoteSubmission
from services.documents.usecases.note_termination import NoteTermination
from services.documents.usecases.ports import AnotherStore
from services.documents.usecases.render_application import RenderApplication


# A mistake stands in the log within minutes of a change of the rules, or of a start before enrollment is up.
TEXTS_SECONDS = 300
# A carrier has hours to acknowledge a file, so that minutes more do not matter.
OVERDUE_SECONDS = 300
# Documents expire by the day.
RETENTION_SECONDS = 6 * 3600


def build(runtime: Runtime) -> ServiceParts:
    settings, clock = runtime.settings(DocumentsSettings), runtime.clock
    ciphers = DocumentCiphers.with_keys(settings.key_ring)
    blobs = open_blobs(settings)
    opened = make_transactions(runtime.database, DocumentContents(ciphers, blobs), event_to_proto)
    carriers, texts = read_carriers(settings.carriers), read_texts(settings.texts)
    carrier_texts = CarrierTexts(texts, carriers)
    typesetter = TypstTypesetter(carriers, texts, TypesettingProcesses(), EnrollmentApplications(runtime.bus))
    summaries = EnrollmentApplicationSummaries(runtime.bus)
    use_cases = UseCases(
        get_application_pdf=GetApplicationPdf(opened, typesetter, clock),
        get_proposal_pdf=GetProposalPdf(opened, QuoteProposals(runtime.bus), typesetter, clock),
        add_proof_document=AddProofDocument(opened, summaries, ProcessInspector(), UPLOAD_LIMITS, clock),
        list_proof_documents=ListProofDocuments(opened, summaries),
        get_proof_document=GetProofDocument(opened, clock),
        get_review_pdf=GetReviewPdf(opened, summaries, typesetter, clock),
        get_text=GetText(carrier_texts),
    )
    render = RenderApplication(opened, typesetter, clock)
    delete_expired_documents = DeleteExpiredDocuments(opened, clock)
    count_overdue = CountOverdueFiles(opened, clock)
    check_texts = CheckTexts(carrier_texts, EnrollmentTextVersions(runtime.bus), get_markets().states)
    return ServiceParts(
        DocumentsContract(use_cases),
        make_subscriptions(
            render,
            NoteRenderFailure(opened, clock),
            NoteSubmission(opened),
            NoteCancellation(opened),
            NoteTermination(opened),
            NoteContactChange(opened),
        ),
        [
            Timer("check_texts", TEXTS_SECONDS, lambda: _report_texts(check_texts), at_start=True),
            Timer("delete_expired_documents", RETENTION_SECONDS, lambda: _ignore(delete_expired_documents())),
            Timer("count_overdue_files", OVERDUE_SECONDS, lambda: _report_overdue(count_overdue), at_start=True),
            *_sweep_blobs(opened, blobs),
        ],
    )


def move_old_contents(runtime: Runtime) -> None:
    """Of a time before the blob store of DOCUMENTS_BLOBS."""
    from services.documents.commands.move_contents import move_contents  # brings rich, which others do without

    settings = runtime.settings(DocumentsSettings)
    ciphers, blobs = DocumentCiphers.with_keys(settings.key_ring), open_blobs(settings)
    if blobs is None:
        raise SystemExit("DOCUMENTS_BLOBS names no store. Set it to the folder or bucket that documents are to lie in.")
    move_contents(make_transactions(runtime.database, DocumentContents(ciphers, blobs), event_to_proto))


def rotate_field_keys(runtime: Runtime) -> None:
    rotate_keys(runtime, open_blobs(runtime.settings(DocumentsSettings)))


def open_blobs(settings: DocumentsSettings) -> Blobs | None:
    """The blob store that the settings name."""
    scheme, _, place = settings.blobs.partition("://")
    if scheme == "file":
        return FolderBlobs(Path(place))
    if scheme != "s3":
        return None
    from services.documents.store.bucket_blobs import BucketBlobs  # brings boto3, which others do without: 30 MB

    return BucketBlobs(
        place,
        endpoint=settings.blobs_endpoint,
        region=settings.blobs_region,
        key=settings.blobs_access_key.get_secret_value(),
        secret=settings.blobs_secret_key.get_secret_value(),
        lock=settings.blobs_lock,
    )


def _sweep_blobs(opened: Transactions[UnitOfWork], blobs: Blobs | None) -> list[Timer]:
    """None where documents lie in the database alone."""
    if blobs is None:
        return []
    delete_orphan_blobs = DeleteOrphanBlobs(opened, blobs, SystemClock())
    return [Timer("delete_orphan_blobs", RETENTION_SECONDS, lambda: _report_orphans(delete_orphan_blobs))]


def _report_orphans(delete_orphan_blobs: DeleteOrphanBlobs) -> None:
    try:
        gone = delete_orphan_blobs()
    except AnotherStore:
        telemetry.get_logger().error("most blobs have no document: DOCUMENTS_BLOBS is the store of another database")
        return
    if gone:
        telemetry.get_logger().info("blobs without a document are deleted", count=gone)


def _ignore(_result: object) -> None:
    """A timer asks for no result."""


def _report_texts(check_texts: CheckTexts) -> None:
    """In the log, and no reason to stop: applications with other texts are printed all the same."""
    found = check_texts()
    telemetry.TEXTS_MISSING.set(len(found.missing))
    for text in found.missing:
        telemetry.get_logger().error("the rules name a text that is not kept", code=text)
    for text in found.unused:
        telemetry.get_logger().warning("no rules name this text yet", code=text)


def _report_overdue(count_overdue: CountOverdueFiles) -> None:
    """In the metrics, whose label is bounded: a carrier is a profile of the operator's."""
    for overdue in count_overdue():
        telemetry.CARRIER_FILES_OVERDUE.labels(overdue.carrier).set(overdue.files)
        telemetry.CARRIER_FILES_AGE.labels(overdue.carrier).set(overdue.age.total_seconds())


SERVICE = Service(
    name="documents",
    migrations=Path(__file__).parent / "store" / "migrations",
    infrastructure=INFRASTRUCTURE,
    build=build,
    subscribes_to=SUBSCRIBES_TO,
    commands={"move-contents": move_old_contents, "rotate-keys": rotate_field_keys},
)

if __name__ == "__main__":
    main([SERVICE])
