"""Use case: add proof of a life event to a submitted application."""

from __future__ import annotations

from dataclasses import dataclass

from chassis.kernel import Caller, Clock, Command, Transactions, new_id, run_once
from services.documents.domain.proof import (
    InspectedFile,
    ProofDocument,
    SepProofAdded,
    UploadLimits,
    check_document_count,
)
from services.documents.usecases.application_summary import get_visible_summary
from services.documents.usecases.ports import ApplicationSummaries, DocumentsUnitOfWork, Inspector


@dataclass(frozen=True, slots=True)
class Upload:
    """A file as it came."""

    record_number: str
    kind: str
    media_type: str
    content: bytes


@dataclass(frozen=True, slots=True)
class AddProofDocument:
    """Raises InvalidInput for a file that is not what it should be, Conflict when none is wanted, NotFound."""

    transactions: Transactions[DocumentsUnitOfWork]
    summaries: ApplicationSummaries
    inspector: Inspector
    limits: UploadLimits
    clock: Clock

    def __call__(self, command: Command, upload: Upload) -> ProofDocument:
        """The same key with the same content gives the document that is there already."""
        self.limits.check(upload.media_type, upload.content)
        summary = get_visible_summary(self.summaries, command.caller, upload.record_number)
        summary.check_kind(upload.kind)
        # outside any transaction: reading a file takes its time
        found = self.inspector.inspect(upload.content, upload.media_type)
        with self.transactions() as work:
            made = run_once(
                work, command, lambda: self._keep(work, command.caller, summary.writing_number, upload, found)
            )
            # out of the list, which opens no content
            return next(one for one in work.proofs.list_proofs(upload.record_number) if one.document_id == made)

    def _keep(
        self, work: DocumentsUnitOfWork, caller: Caller, writing_number: str, upload: Upload, found: InspectedFile
    ) -> str:
        number = work.proofs.next_number(upload.record_number)
        check_document_count(number)
        document = ProofDocument(
            document_id=new_id(),
            record_number=upload.record_number,
            writing_number=writing_number,
            number=number,
            kind=upload.kind,
            media_type=found.media_type,
            size=len(found.content),
            sha256=found.sha256,
            pages=found.pages,
            added_at=self.clock.now(),
            added_by=caller.subject,
        )
        work.proofs.add_proof(document, found.content)
        work.publish_event(SepProofAdded(document))
        work.record_audit(
            document.added_at, caller.subject, upload.record_number, "proof.added", upload.kind, writing_number
        )
        return document.document_id
