"""Acts of the state machine on applications that were submitted: cancelled, terminated, reached otherwise."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any

from hypothesis import strategies as st
from hypothesis.stateful import precondition, rule
from suite.common.v1 import common_pb2 as common
from suite.enrollment.v1 import after_submission_pb2, cancellation_pb2
from suite.enrollment.v1 import application_pb2 as pb

from services.enrollment.domain.enums import Status
from tests.integration.application_machine import step_contents
from tests.integration.application_machine.driver import KEYS, Driver


class AfterSubmission(Driver):
    @precondition(lambda self: self.requested)
    @rule(data=st.data(), reason=st.integers(0, 8), party=st.integers(0, 3), key=st.sampled_from(["", "", *KEYS]))
    def cancel(self, data: st.DataObject, reason: Any, party: Any, key: str) -> None:
        number = data.draw(st.sampled_from(self.records))
        before, was = self.now, self.harness.read(number)
        request = cancellation_pb2.CancelApplicationRequest(
            idempotency_key=key or self.key(), record_number=number, reason=reason, asked_by=party
        )
        answer = self.attempt("CancelApplication", request)
        if answer is None or self.now.text == before.text:
            return
        self.acted(before, number)
        assert was.status is Status.SUBMITTED, "only a submitted application is cancelled"
        assert was.effective_date and was.effective_date > was.today(self.harness.clock.now()), "before coverage begins"

    @precondition(lambda self: self.requested)
    @rule(
        data=st.data(),
        coverages=st.sampled_from([[1], [1], [2], [1, 2], [], [3], [1, 1]]),
        days=st.sampled_from([14, 14, 30, 13, 0, -1, 400]),
        reason=st.sampled_from([1, 2, 3, 4, 4, 0, 5]),
        party=st.sampled_from([1, 1, 2, 2, 0, 3]),
        key=st.sampled_from(["", "", *KEYS]),
    )
    def terminate(
        self, data: st.DataObject, coverages: list[Any], days: int, reason: Any, party: Any, key: str
    ) -> None:
        number, today = self.some_submitted(data), self.harness.clock.today()
        before, was = self.now, self.harness.read(number)
        request = after_submission_pb2.TerminateCoverageRequest(
            idempotency_key=key or self.key(),
            record_number=number,
            coverages=coverages,
            last_day=(today + timedelta(days)).isoformat(),
            reason=reason,
            asked_by=party,
        )
        answer = self.attempt("TerminateCoverage", request)
        if answer is None or self.now.text == before.text:
            return
        self.acted(before, number)
        assert was.status is Status.SUBMITTED, "only a submitted application is terminated"
        assert was.effective_date and was.effective_date <= today, "only coverage that has begun is terminated"
        died = reason == pb.TERMINATION_REASON_DECEASED
        first = was.effective_date if died else today + timedelta(14)
        ends = today + timedelta(days)
        years = [was.effective_date.year, *(due.month.year for due in was.opened_months)]
        assert first <= ends <= date(max(years), 12, 31), "with notice, within the plan year"
        assert not died or ends <= today, "nobody has died on a day to come"
        added = self.harness.read(number).terminations[len(was.terminations) :]
        assert sorted(one.coverage for one in added) == sorted(
            common.Coverage.Name(one).removeprefix("COVERAGE_").lower() for one in coverages
        ), "what was asked for ends, and nothing else"

    @precondition(lambda self: self.requested)
    @rule(data=st.data(), off=st.sampled_from([0, 0, 0, 1]), key=st.sampled_from(["", "", *KEYS]))
    def change_contact(self, data: st.DataObject, off: int, key: str) -> None:
        number = self.some_submitted(data)
        app, before = self.get(number), self.now
        request = after_submission_pb2.ChangeContactRequest(
            idempotency_key=key or self.key(), record_number=number, version=app.version + off
        )
        request.contact.CopyFrom(
            app.contact_change.contact if app.HasField("contact_change") else app.household.contact
        )
        if data.draw(st.booleans()):
            request.contact.CopyFrom(step_contents.contact(data.draw))
        else:
            request.mailing_address.CopyFrom(step_contents.mailing_address(data.draw))
        answer = self.attempt("ChangeContact", request)
        if answer is None or self.now.text == before.text:
            return
        self.acted(before, number)
        assert off == 0, "a change on another version is refused"
        assert app.status == pb.APPLICATION_STATUS_SUBMITTED, "only a submitted application's contact is changed"
        assert answer.application.household == app.household, "what was submitted stays"
