"""Use case: write a carrier's 834 of a day (docs/adr/0034)."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, timedelta

from chassis.kernel import Clock, Conflict, InvalidInput, NotFound, Transactions
from services.documents.domain.edi.carrier_profile import CarrierProfile
from services.documents.domain.edi.enrollment import PolicyEnrollment
from services.documents.domain.edi.faults import Fault, Unwritable
from services.documents.domain.edi.interchange_writer import InterchangeWriter, PlanGroup
from services.documents.domain.edi.submitted_policy import PlannedInterchange, PlannedTransaction
from services.documents.usecases.carrier_ports import CarrierUnitOfWork, OutgoingFiles, Submissions


@dataclass(frozen=True, slots=True)
class WrittenFile:
    """``set_aside``: by control number, what stayed out and why. ``sha256`` is None where nothing could be sent."""

    interchange: PlannedInterchange
    sha256: str | None
    set_aside: Mapping[int, str]

    @property
    def sent(self) -> int:
        return sum(1 for _ in self.interchange.transactions) - len(self.set_aside)


@dataclass(frozen=True, slots=True)
class WriteCarrierFile:
    """One file a carrier and day, with what the carrier was not told before.

    Its numbers are given out and stored first, then the file is written, then that it was. Whatever is interrupted
    between is finished by the next run under the same numbers, so no policy is sent twice and none is lost. What was
    changed in between goes into the finished file, and is told once more by a change of its own: the first one may have
    left already, with what it was before.
    """

    transactions: Transactions[CarrierUnitOfWork]
    submissions: Submissions
    files: OutgoingFiles
    clock: Clock

    def __call__(self, profile: CarrierProfile, day: date, *, with_rejected: bool = False) -> Sequence[WrittenFile]:
        """What was written now: nothing when the day's file is there, or nothing is to be told.

        Raises InvalidInput for a day to come, Conflict while another run writes for the carrier, Unavailable.
        """
        if day > self.clock.now().astimezone(profile.zone).date():
            raise InvalidInput.at("day", "Choose today or an earlier day.")
        with self.transactions() as guard:
            if not guard.carrier_files.lock_carrier(profile.name):
                message = f"Another run is writing the file of {profile.name}. Wait until it is done."
                raise Conflict(message, code="file_being_written")
            return [*self._finish(profile), *self._begin(profile, day, with_rejected=with_rejected)]

    def _finish(self, profile: CarrierProfile) -> Iterator[WrittenFile]:
        with self.transactions() as work:
            interrupted = work.carrier_files.find_unwritten(profile.name)
        if interrupted:
            yield self._write(profile, interrupted, is_again=True)

    def _begin(self, profile: CarrierProfile, day: date, *, with_rejected: bool) -> Iterator[WrittenFile]:
        with self.transactions() as work:
            store = work.carrier_files
            if store.find_file(profile.name, day):
                return
            pending = store.list_pending(profile.issuer_ids, day, with_rejected=with_rejected)
            if not pending:
                return
            planned = store.plan_interchange(profile.name, day, self.clock.now(), pending)
        yield self._write(profile, planned)

    def _write(self, profile: CarrierProfile, planned: PlannedInterchange, *, is_again: bool = False) -> WrittenFile:
        writing = _Writing(profile, self.submissions)
        digest = self.files.save(planned.file_name, writing.write(planned))
        written = WrittenFile(planned, digest, writing.set_aside)
        with self.transactions() as work:
            now = self.clock.now()
            due = now + timedelta(hours=profile.acknowledgment_hours)
            changes = {} if is_again else writing.contact_changes
            work.carrier_files.mark_written(planned.control_number, now, due, digest, writing.set_aside, changes)
            work.record_audit(now, "documents", profile.name, "carrier_file.written", f"{written.sent} policies")
        return written


@dataclass(slots=True)
class _Writing:
    """One file as it is written, policy by policy. ``contact_changes``: where there is a newer one than was planned."""

    profile: CarrierProfile
    submissions: Submissions
    set_aside: dict[int, str] = field(default_factory=dict)
    contact_changes: dict[int, int] = field(default_factory=dict)

    def write(self, planned: PlannedInterchange) -> Iterator[str]:
        groups = (PlanGroup(one.control_number, one.plan_id, self._read(one.transactions)) for one in planned.groups)
        at = planned.at.astimezone(self.profile.zone)
        return InterchangeWriter(self.profile, at, self._leave_out).write(planned.control_number, groups)

    def _read(self, planned: Iterable[PlannedTransaction]) -> Iterator[PolicyEnrollment]:
        for one in planned:
            try:
                policy = self.submissions.get_policy(self.profile.name, one)
            except NotFound:
                self.set_aside[one.control_number] = "enrollment gives this carrier nothing of it: see its grant"
            except Unwritable as error:
                self.set_aside[one.control_number] = str(error)
            else:
                if not policy.maintenance.ends_coverage and policy.contact_changes > one.contact_change:
                    self.contact_changes[one.control_number] = policy.contact_changes
                yield policy

    def _leave_out(self, policy: PolicyEnrollment, faults: tuple[Fault, ...]) -> None:
        self.set_aside[policy.control_number] = "; ".join(f"{fault.message} ({fault.code})" for fault in faults)
