"""Use case: add proof of a life event to a submitted application."""

from __future__ import annotations

from dataclasses import dataclass

from chassis.kernel import Caller, Clock, NotFound, Transactions, new_id
from services.documents.domain.proof import Inspected, ProofDocument, SepProofAdded, must_fit, must_have_room
from services.documents.usecases.ports import Cases, DocumentsUnitOfWork, Inspector


@dataclass(frozen=True, slots=True)
class Upload:
    """A file as it came; ``key`` and ``fingerprint`` make a repeat harmless (reliability.md, idempotency keys)."""

    record_number: str
    kind: str
    media_type: str
    content: bytes
    key: str
    fingerprint: bytes


@dataclass(frozen=True, slots=True)
class AddProof:
    """Raises InvalidInput for a file that is not what it should be, Conflict when none is wanted, NotFound."""

    transactions: Transactions[DocumentsUnitOfWork]
    cases: Cases
    inspector: Inspector
    clock: Clock

    def __call__(self, caller: Caller, upload: Upload) -> ProofDocument:
        must_fit(upload.media_type, upload.content)
        case = self.cases.get(upload.record_number)
        if not caller.may_see(case.writing_number):
            raise unknown_application()
        case.must_take(upload.kind)
        # outside any transaction: reading a file takes its time
        found = self.inspector.inspect(upload.content, upload.media_type)
        with self.transactions() as work:
            earlier = work.find_response(caller.subject, "add_proof_document", upload.key, upload.fingerprint)
            if earlier:
                return work.proofs.get(upload.record_number, earlier).document
            document = self._keep(work, caller, case.writing_number, upload, found)
            work.save_response(caller.subject, "add_proof_document", upload.key, document.document_id)
            return document

    def _keep(
        self, work: DocumentsUnitOfWork, caller: Caller, writing_number: str, upload: Upload, found: Inspected
    ) -> ProofDocument:
        number = work.proofs.next_number(upload.record_number)
        must_have_room(number)
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
        work.proofs.add(document, found.content)
        work.publish_event(SepProofAdded(document))
        work.record_audit(
            document.added_at, caller.subject, upload.record_number, "proof.added", upload.kind, writing_number
        )
        return document


def unknown_application() -> NotFound:
    """The same for an application that is not there and one that the caller may not see."""
    return NotFound("There is no application with this record number among yours.")
