"""Drives applications through random actions, and checks the invariants after each.

A state machine of hypothesis: ``machine_on(harness)`` gives the class. Every call goes to the contract; the worker, the
timers and the other services' events are played by calling the same use cases that the bus would.
"""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any, ClassVar

from hypothesis import strategies as st
from hypothesis.stateful import initialize, invariant, precondition, rule
from suite.common.v1 import common_pb2 as common
from suite.enrollment.v1 import application_pb2 as pb
from suite.enrollment.v1 import enrollment_service_pb2 as service
from suite.enrollment.v1 import steps_pb2

from chassis.kernel import Caller, Unavailable
from services.enrollment.contract.service import EnrollmentContract
from services.enrollment.domain import readiness
from services.enrollment.domain.enums import PaymentStatus, Status
from services.enrollment.domain.rule_pack import Circumstances
from tests.integration.application_machine import invariants, required_parts, step_contents
from tests.integration.application_machine.after_submission import AfterSubmission
from tests.integration.application_machine.driver import KEYS, by_number, differences, events_of, status_of
from tests.integration.application_machine.fake_services import HMO, QUOTES
from tests.integration.application_machine.harness import DELEGATE, FRITZ, OTHER, ContractHarness
from tests.integration.application_machine.messages import requests

# Ordinary days, an open enrollment, the turns of two years, and a leap day.
DAYS = (date(2026, 5, 20), date(2026, 11, 2), date(2026, 12, 31), date(2027, 12, 31), date(2028, 2, 29))
SPANS = (timedelta(minutes=3), timedelta(minutes=20), timedelta(hours=13), *map(timedelta, (1, 15, 61, 91, 200)))
METHODS = tuple(EnrollmentContract.descriptor.methods)
# The service's own judgement as it was when this was imported: a test may switch off the one that is used.
FIND_ISSUES = readiness.find_issues
HEADS = ("nothing", "draft", "draft", "ready", "ready", "sent", "done")


def machine_on(
    harness: ContractHarness, heads: tuple[str, ...] = HEADS, without: tuple[str, ...] = ()
) -> type[ApplicationMachine]:
    """``heads``: how far the first application may be when the acts begin, the likelier ones more than once.

    ``without``: acts that are never played, by name.
    """
    assert all(hasattr(ApplicationMachine, act) for act in without)
    return type(
        "ApplicationMachineHere", (ApplicationMachine,), {"harness": harness, "heads": heads} | dict.fromkeys(without)
    )


class ApplicationMachine(AfterSubmission):
    heads: ClassVar[tuple[str, ...]]

    @initialize(day=st.sampled_from(DAYS), data=st.data(), born=st.booleans())
    def open_the_doors(self, day: date, data: st.DataObject, born: bool) -> None:
        """Somewhere in the life of a first application, so that the late parts of it are played often."""
        head = data.draw(st.sampled_from(self.heads), label="head")
        self.harness.reset(day)
        self.now = self.harness.snapshot()
        # person id -> the number that was typed for that person
        self.numbers: dict[str, str] = {}
        # record number -> id of its primary applicant
        self.applicants: dict[str, str] = {}
        self.fresh = 0
        if head != "nothing":
            self.start("220002580", "")
        if head in ("ready", "sent", "done"):
            self.make_ready(self.records[0], born)
        if head in ("sent", "done"):
            self.send(self.get(self.records[0]), 0, "")
        if head == "done":
            self.deliver(*self.requested[0], "enrollment.submission")

    # -- starts

    @rule(
        number=st.sampled_from(["220002580", "220002580", "107864325", "660003012"]), key=st.sampled_from(["", *KEYS])
    )
    def start(self, number: str, key: str) -> None:
        request = service.StartApplicationRequest(idempotency_key=key or self.key(), writing_number=number)
        before = self.now
        answer = self.attempt("StartApplication", request)
        if answer and answer.application.record_number not in by_number(before):
            self.told(before, answer.application.record_number, 1)

    @rule(
        quote=st.sampled_from((*QUOTES, "q-medical", "q-texas")),
        choice=st.integers(0, 3),
        key=st.sampled_from(KEYS),
        who=st.sampled_from([FRITZ, FRITZ, DELEGATE]),
    )
    def enroll(self, quote: str, choice: Any, key: str, who: Caller) -> None:
        before = self.now
        request = service.StartEnrollmentRequest(idempotency_key=key, quote_id=quote, choice=choice)
        answer = self.attempt("StartEnrollment", request, who)
        if answer and answer.outcome != "started":
            assert self.now.text == before.text, "a question changes nothing"

    # -- steps

    @precondition(lambda self: self.records)
    @rule(data=st.data(), born=st.booleans())
    def complete(self, data: st.DataObject, born: bool) -> None:
        self.make_ready(data.draw(st.sampled_from(self.records)), born)

    def make_ready(self, number: str, born: bool) -> None:
        """Every step as it has to be, so that there is something to submit."""
        app = self.get(number)
        app = self.save(app, general=step_contents.whole_general(self.harness.clock.today(), born)) or app
        app = self.set_date(app, "") or app
        app = self.save(app, household=step_contents.whole_household(app)) or app
        app = self.save(app, plans=step_contents.whole_plans(app)) or app
        app = self.save(app, other_coverage=steps_pb2.OtherCoverageStep()) or app
        self.save(app, signatures=step_contents.whole_signatures(app))

    @precondition(lambda self: self.records)
    @rule(data=st.data(), step=st.sampled_from(["general", "household", "household", "plans", "other", "signatures"]))
    def type_in(self, data: st.DataObject, step: str) -> None:
        app, today = self.some(data), self.harness.clock.today()
        match step:
            case "general":
                self.save(app, general=step_contents.general(data.draw, today))
            case "household":
                self.save(app, household=step_contents.household(data.draw, app))
            case "plans":
                self.save(app, plans=step_contents.plans(data.draw, app))
            case "other":
                self.save(app, other_coverage=step_contents.other_coverage(data.draw, app))
            case _:
                self.save(app, signatures=step_contents.signatures(data.draw))

    @precondition(lambda self: self.records)
    @rule(data=st.data(), removed=st.booleans())
    def swap_the_applicant_in_two_saves(self, data: st.DataObject, removed: bool) -> None:
        """Takes the person out, or empties the names and the birth date, and then types in somebody else."""
        app = self.some(data)
        for first, last, born in (("", "", ""), ("Vexilla", "Wexfordqu", "1958-01-31")):
            step = steps_pb2.HouseholdStep()
            step.CopyFrom(app.household)
            if removed and not first:
                del step.people[:]
            elif not step.people:
                step.people.add(relationship=common.RELATIONSHIP_SELF)
            if step.people:
                step.people[0].first_name, step.people[0].last_name, step.people[0].date_of_birth = first, last, born
            app = self.save(app, household=step) or app

    @precondition(lambda self: self.records)
    @rule(data=st.data(), off=st.sampled_from([-1, 1, 7]))
    def save_on_another_version(self, data: st.DataObject, off: int) -> None:
        app = self.some(data)
        request = service.SaveStepRequest(record_number=app.record_number, version=app.version + off)
        request.plans.CopyFrom(step_contents.whole_plans(app))
        assert self.attempt("SaveStep", request) is None, "a save on another version is refused"

    @precondition(lambda self: self.records)
    @rule(data=st.data())
    def come_as_a_stranger(self, data: st.DataObject) -> None:
        app = self.some(data)
        request = service.SaveStepRequest(record_number=app.record_number, version=app.version)
        request.signatures.CopyFrom(step_contents.whole_signatures(app))
        assert self.attempt("SaveStep", request, OTHER) is None, "a stranger saves nothing"

    def save(self, app: pb.Application, **step: Any) -> Any:
        before = self.now
        request = service.SaveStepRequest(record_number=app.record_number, version=app.version, **step)
        answer = self.attempt("SaveStep", request)
        if answer is None:
            return None
        saved = answer.application
        self.acted(before, app.record_number)
        assert saved.status == app.status, "a save leaves the status"
        assert status_of(before, app.record_number) in invariants.CHANGEABLE, "only drafts and failed ones are changed"
        if "general" in step and events_of(saved) != events_of(app) and saved.general.special_enrollment:
            assert not saved.effective_date, "R32: another life event empties the date"
        if "household" in step:
            self.same_people(app, step["household"], saved)
        return saved

    def same_people(self, app: pb.Application, sent: steps_pb2.HouseholdStep, saved: pb.Application) -> None:
        """Whose number is whose, and that the primary applicant stays one person."""
        was = {one.person_id: one for one in app.household.people}
        for typed, person in zip(sent.people, saved.household.people, strict=True):
            if typed.ssn:
                self.numbers[person.person_id] = typed.ssn
            elif person.ssn_last_four:
                assert person.person_id in was, "nobody new comes with a number"
                assert differences(was[person.person_id], person) <= 1, "a number stays with the same person alone"
            if person.ssn_last_four:
                number = self.harness.opened(person.person_id)
                assert number == self.numbers[person.person_id], "a number stays with its person"
                assert number.endswith(person.ssn_last_four), "what is shown is the end of what is sealed"
        if saved.household.people:
            own = saved.household.people[0].person_id
            assert self.applicants.setdefault(app.record_number, own) == own, "R46: the applicant stays one person"

    @precondition(lambda self: self.records)
    @rule(data=st.data())
    def choose_the_date(self, data: st.DataObject) -> None:
        app = self.some(data)
        request = service.ListEffectiveDatesRequest(record_number=app.record_number)
        offered = self.harness.call("ListEffectiveDates", request).options
        days = sorted({one.effective_date for one in offered})
        wanted = data.draw(st.sampled_from(["", *days, *days, "2026-01-01", *step_contents.SLIPS]))
        saved = self.set_date(app, wanted)
        if saved and wanted:
            assert wanted in days, "only a date that is offered is taken"

    def set_date(self, app: pb.Application, wanted: str) -> Any:
        before = self.now
        request = service.SetEffectiveDateRequest(record_number=app.record_number, version=app.version)
        request.effective_date = wanted
        answer = self.attempt("SetEffectiveDate", request)
        if answer is None:
            return None
        self.acted(before, app.record_number)
        return answer.application

    # -- submission

    @precondition(lambda self: self.records)
    @rule(data=st.data(), off=st.sampled_from([0, 0, 0, 1, -1]), key=st.sampled_from(["", "", "", *KEYS]))
    def submit(self, data: st.DataObject, off: int, key: str) -> None:
        app = self.some(data)
        self.send(app, data.draw(st.sampled_from([0, max(0, app.version + off)])), key)

    @precondition(lambda self: self.records)
    @rule(data=st.data(), born=st.booleans())
    def complete_and_submit(self, data: st.DataObject, born: bool) -> None:
        number = data.draw(st.sampled_from(self.records))
        self.make_ready(number, born)
        self.send(self.get(number), 0, "")

    def send(self, app: pb.Application, version: int, key: str) -> None:
        before, stored = self.now, self.harness.read(app.record_number)
        c = Circumstances(stored.today(self.harness.clock.now()), self.harness.rulebook.version(stored.rule_pack))
        request = service.SubmitApplicationRequest(
            idempotency_key=key or self.key(), record_number=app.record_number, version=version
        )
        answer = self.attempt("SubmitApplication", request)
        if answer is None or self.now.text == before.text:
            return  # refused, or the answer to an earlier call with this key
        self.acted(before, app.record_number)
        assert version in (0, app.version), "a submission on another version is refused"
        missing = [*FIND_ISSUES(stored, c), *required_parts.lacks(stored, c.today)]
        assert not missing, f"submitted without being ready: {missing}"
        assert stored.status in (Status.INCOMPLETE, Status.FAILED), "only drafts and failed ones are submitted"

    @precondition(lambda self: self.requested)
    @rule(data=st.data(), queue=st.sampled_from(["enrollment.submission", "enrollment.submission", "a second queue"]))
    def run_a_submission(self, data: st.DataObject, queue: str) -> None:
        """As the bus delivers it: late, again, and with others away."""
        self.deliver(*data.draw(st.sampled_from(self.requested)), queue)

    def deliver(self, message: str, number: str, attempt: int, queue: str) -> None:
        before, was = self.now, self.harness.read(number)
        waits = was.status is Status.SUBMITTING and was.attempt == attempt
        try:
            self.harness.run(queue, message, number, attempt)
        except Unavailable:
            self.now = self.harness.snapshot()
            assert self.harness.others.away, "nobody is away"
            assert self.now.rows("application") == before.rows("application"), "a passing fault decides nothing"
            return
        self.now = self.harness.snapshot()
        if not waits:
            assert self.now.text == before.text, "a submission that is over is not run again"
        elif status_of(self.now, number) != "submitting":
            self.acted(before, number)

    # -- surroundings

    @rule(span=st.sampled_from(SPANS))
    def time_passes(self, span: timedelta) -> None:
        self.harness.clock.pass_by(span)

    @precondition(lambda self: self.records)
    @rule(data=st.data())
    def wait_for_the_first_day(self, data: st.DataObject) -> None:
        day = self.harness.read(data.draw(st.sampled_from(self.records))).effective_date
        if day and day > self.harness.clock.today():
            self.harness.clock.pass_by(day - self.harness.clock.today())

    @rule()
    def timers_run_twice(self) -> None:
        before = self.now
        self.harness.retry_stuck_submissions()
        self.harness.expire_applications()
        once = self.harness.snapshot()
        assert self.harness.expire_applications() == self.harness.retry_stuck_submissions() == 0, (
            "timers find all at once"
        )
        self.now = self.harness.snapshot()
        assert self.now.text == once.text, "timers that run again change nothing"
        was = by_number(before)
        for number, row in by_number(self.now).items():
            assert row["version"] - was[number]["version"] in (0, 1), "a timer is one save"
            if row["status"] == "expired" != was[number]["status"]:
                assert was[number]["expires_on"] < self.harness.clock.today().isoformat(), "R105"
                self.told(before, number, 1)

    @rule(name=st.sampled_from(["quote", "pcp", "payment"]), away=st.booleans())
    def somebody_leaves_or_comes_back(self, name: str, away: bool) -> None:
        (self.harness.others.away.add if away else self.harness.others.away.discard)(name)

    @rule(surcharge=st.integers(0, 2), withdrawn=st.booleans(), refusing=st.booleans())
    def the_offer_changes(self, surcharge: int, withdrawn: bool, refusing: bool) -> None:
        others = self.harness.others
        others.surcharge, others.withdrawn = surcharge, {HMO} if withdrawn else set()
        others.refusing = {"pcp"} if refusing else set()

    @precondition(lambda self: self.records)
    @rule(data=st.data(), status=st.sampled_from(list(PaymentStatus)), message=st.integers(0, 3))
    def hear_of_a_payment(self, data: st.DataObject, status: PaymentStatus, message: int) -> None:
        number = data.draw(st.sampled_from([*self.records, "A-99999"]))
        self.harness.pay(f"payment-{message}", number, status)
        self.now = self.harness.snapshot()

    @precondition(lambda self: self.records)
    @rule(data=st.data(), message=st.integers(0, 3))
    def hear_of_proof(self, data: st.DataObject, message: int) -> None:
        number = data.draw(st.sampled_from([*self.records, "A-99999"]))
        self.harness.on_proof_added("enrollment.proof", f"proof-{message}", number, "birth_certificate")
        self.now = self.harness.snapshot()

    @rule(quote=st.sampled_from(["q-medical", "q-texas"]), message=st.integers(0, 2))
    def hear_of_a_quote(self, quote: str, message: int) -> None:
        if "quote" not in self.harness.others.away:
            self.harness.on_quote_created("enrollment.quote", f"quote-{message}", quote)
            self.now = self.harness.snapshot()

    @rule(data=st.data(), method=st.sampled_from(METHODS), who=st.sampled_from([FRITZ, FRITZ, DELEGATE, OTHER]))
    def call_anything(self, data: st.DataObject, method: Any, who: Caller) -> None:
        self.attempt(method.name, data.draw(requests(method.input_type), label=method.name), who)

    # -- what always holds

    @invariant()
    def the_laws_hold(self) -> None:
        invariants.hold(self.now)
