"""Use case: read a carrier's file, and move what it was sent."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from chassis.kernel import Clock, Transactions
from services.documents.domain.edi.carrier_answers import CarrierAnswer, read_answers
from services.documents.domain.edi.carrier_profile import CarrierProfile
from services.documents.domain.edi.policy_ledger import (
    LedgerEntry,
    PolicyOutcome,
    PolicyState,
    advance_state,
    judge_answer,
)
from services.documents.domain.edi.submitted_policy import CarrierDecision, PolicyDecided
from services.documents.usecases.carrier_ports import CarrierUnitOfWork

# That a file came says nothing of its policies yet.
_DECISIONS = {
    PolicyState.ACCEPTED: CarrierDecision.ACCEPTED,
    PolicyState.ACCEPTED_WITH_ERRORS: CarrierDecision.ACCEPTED,
    PolicyState.REJECTED: CarrierDecision.REJECTED,
    PolicyState.EFFECTUATED: CarrierDecision.EFFECTUATED,
    PolicyState.CANCELLED: CarrierDecision.CANCELLED,
    PolicyState.TERMINATED: CarrierDecision.TERMINATED,
}


@dataclass(frozen=True, slots=True)
class JudgedAnswer:
    """An answer, and what it means for the policies that were sent."""

    answer: CarrierAnswer
    entries: tuple[LedgerEntry, ...]


@dataclass(frozen=True, slots=True)
class ReadCarrierAnswers:
    """All of a file or nothing. Everything that it says is kept, also what moves no policy."""

    transactions: Transactions[CarrierUnitOfWork]
    clock: Clock

    def __call__(self, profile: CarrierProfile, sha256: str, parts: Iterable[str]) -> Sequence[JudgedAnswer] | None:
        """None, and nothing is changed, for a file that was read before."""
        with self.transactions() as work:
            now = self.clock.now()
            if not work.carrier_answers.add_file(sha256, profile.name, now):
                return None
            sent = work.carrier_answers.sent_to(profile.name)
            judged: list[JudgedAnswer] = []
            place = 0
            for answer in read_answers(parts):
                entries = judge_answer(answer, sent)
                for entry in entries:
                    place += 1
                    work.carrier_answers.add_entry(sha256, place, entry)
                    if isinstance(entry, PolicyOutcome):
                        _move(work, profile, entry)
                judged.append(JudgedAnswer(answer, entries))
            work.record_audit(now, "documents", profile.name, "carrier_file.read", f"{place} entries")
        return judged


def _move(work: CarrierUnitOfWork, profile: CarrierProfile, outcome: PolicyOutcome) -> None:
    found = work.carrier_answers.get_transaction(outcome.control_number)
    state = advance_state(found.state, outcome.state)
    if state is found.state:
        return
    work.carrier_answers.set_state(outcome.control_number, state, outcome.why)
    if decision := _DECISIONS.get(state):
        policy = found.policy
        work.publish_event(
            PolicyDecided(
                record_number=policy.record_number,
                writing_number=policy.writing_number,
                carrier=profile.insurer_name,
                line=policy.line,
                plan_id=policy.plan_id,
                decision=decision,
                reason=outcome.why,
                answers=found.maintenance,
            )
        )
