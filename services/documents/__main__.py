"""Composition of documents: ``python -m services.documents rpc|worker|relay|migrate``."""

import chassis.eventlet_patch  # noqa: F401, I001  # has to be first: a worker is patched before anything else is imported

from pathlib import Path

from chassis.cli import main
from chassis.service import ServiceParts, Runtime, Service
from services.documents.contract.service import DocumentsContract, UseCases
from services.documents.contract.upload_limits import UPLOAD_LIMITS
from services.documents.events.incoming import SUBSCRIBES_TO, make_subscriptions
from services.documents.events.outgoing import PUBLISHES, event_to_proto
from services.documents.inspection.inspector import ProcessInspector
from services.documents.remote.applications import EnrollmentApplications, EnrollmentApplicationSummaries
from services.documents.remote.proposals import QuoteProposals
from services.documents.settings import DocumentsSettings
from services.documents.store.document_ciphers import DocumentCiphers
from services.documents.store.tables import INFRASTRUCTURE
from services.documents.store.work import make_transactions
from services.documents.typesetting.carriers import read_carriers
from services.documents.typesetting.legal_texts import CarrierTexts, LegalTexts
from services.documents.typesetting.processes import TypesettingProcesses
from services.documents.typesetting.typesetter import TypstTypesetter
from services.documents.usecases.add_proof_document import AddProofDocument
from services.documents.usecases.get_application_pdf import GetApplicationPdf
from services.documents.usecases.get_proof_document import GetProofDocument
from services.documents.usecases.get_proposal_pdf import GetProposalPdf
from services.documents.usecases.get_review_pdf import GetReviewPdf
from services.documents.usecases.get_text import GetText
from services.documents.usecases.list_proof_documents import ListProofDocuments
from services.documents.usecases.note_render_failure import NoteRenderFailure
from services.documents.usecases.render_application import RenderApplication


def build(runtime: Runtime) -> ServiceParts:
    settings, clock = runtime.settings(DocumentsSettings), runtime.clock
    ciphers = DocumentCiphers.with_key(settings.field_key.get_secret_value())
    opened = make_transactions(runtime.database, ciphers, event_to_proto)
    carriers, texts = read_carriers(settings.carriers), LegalTexts()
    typesetter = TypstTypesetter(carriers, texts, TypesettingProcesses(), EnrollmentApplications(runtime.bus))
    summaries = EnrollmentApplicationSummaries(runtime.bus)
    use_cases = UseCases(
        get_application_pdf=GetApplicationPdf(opened, clock),
        get_proposal_pdf=GetProposalPdf(opened, QuoteProposals(runtime.bus), typesetter, clock),
        add_proof_document=AddProofDocument(opened, summaries, ProcessInspector(), UPLOAD_LIMITS, clock),
        list_proof_documents=ListProofDocuments(opened),
        get_proof_document=GetProofDocument(opened, clock),
        get_review_pdf=GetReviewPdf(opened, summaries, typesetter, clock),
        get_text=GetText(CarrierTexts(texts, carriers)),
    )
    render = RenderApplication(opened, typesetter, clock)
    return ServiceParts(DocumentsContract(use_cases), make_subscriptions(render, NoteRenderFailure(opened, clock)))


SERVICE = Service(
    name="documents",
    migrations=Path(__file__).parent / "store" / "migrations",
    infrastructure=INFRASTRUCTURE,
    build=build,
    publishes=PUBLISHES,
    subscribes_to=SUBSCRIBES_TO,
)

if __name__ == "__main__":
    main([SERVICE])
