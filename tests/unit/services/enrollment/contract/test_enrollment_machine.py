"""Random orders of steps, edits, deletions, submissions and resubmissions.

Never an unexpected fault, nothing half-saved, and nothing submitted that is not ready.
"""

from __future__ import annotations

from collections.abc import Callable
from functools import partial
from typing import Any, ClassVar

import pytest
from hypothesis import HealthCheck, settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, rule, run_state_machine_as_test
from suite.common.v1 import common_pb2 as common
from suite.enrollment.v1 import application_pb2
from suite.enrollment.v1 import enrollment_service_pb2 as service
from suite.enrollment.v1 import records_pb2 as records
from suite.enrollment.v1 import steps_pb2 as pb

from chassis.kernel import Conflict, DomainError, InvalidInput, NotReady, Stale
from services.enrollment.domain.events import ApplicationSubmitted, SubmissionFailed
from tests.unit.services.enrollment import samples
from tests.unit.services.enrollment.harness import EnrollmentHarness

HMO, PPO, DENTAL = "36096IL9900001-00", "36096IL9900003-00", "36096IL9900010-00"
NAMES = st.sampled_from(["", "Ada", "Ben", "Cal", "x" * 61, "a\x07b"])
DAYS = st.sampled_from(["", "1987-06-14", "1988-02-10", "2019-09-03", "2026-05-10", "2026-12-31"])
VERSIONS = st.sampled_from(["", "2026.1", "2019.1"])
TEXTS = st.sampled_from(["", " ", "Old Mutual", "y" * 101])
INDEXES = st.integers(-1, 4)


def contacts() -> st.SearchStrategy[pb.Contact]:
    return st.builds(
        pb.Contact,
        phone=st.sampled_from(["", "312-555-0142", "12"]),
        phone_type=st.sampled_from(["", "mobile", "landline", "pigeon"]),
        email=st.sampled_from(["", "ada@example.com", "nobody"]),
        text_messages_version=VERSIONS,
    )


def people(relationship: int) -> st.SearchStrategy[pb.Person]:
    return st.builds(
        pb.Person,
        relationship=st.just(relationship),
        first_name=NAMES,
        last_name=st.sampled_from(["", "Sample", "Other"]),
        date_of_birth=DAYS,
        sex=st.sampled_from([0, common.SEX_FEMALE]),
        ssn=st.sampled_from(["", "", "123-45-0001", "123-45-0002", "000-00-0000"]),
        tobacco_use=st.sampled_from([None, False, True]),
        tobacco_last_used=st.sampled_from(["", "2026-05-01", "2020-01-01"]),
        contact=st.none() | contacts(),
        self_identification=st.none()
        | st.builds(records.SelfIdentification, identities=st.lists(st.sampled_from(["white", "martian"]), max_size=2)),
    )


def households() -> st.SearchStrategy[pb.HouseholdStep]:
    others = st.sampled_from([common.RELATIONSHIP_SPOUSE, common.RELATIONSHIP_CHILD]).flatmap(people)
    family = st.builds(
        lambda first, rest: [*first, *rest],
        st.lists(people(common.RELATIONSHIP_SELF), max_size=1),
        st.lists(others, max_size=3),
    )
    return st.builds(
        pb.HouseholdStep,
        form_type=st.sampled_from([0, pb.FORM_TYPE_MEDICAL_DENTAL, pb.FORM_TYPE_MEDICAL_DENTAL, pb.FORM_TYPE_DENTAL]),
        authorization=st.sampled_from([0, pb.AUTHORIZATION_PAPER, pb.AUTHORIZATION_IN_PERSON]),
        terms_version=VERSIONS,
        people=family,
        home_address=st.builds(
            pb.Address,
            street=TEXTS,
            city=st.sampled_from(["", "Chicago"]),
            state=st.sampled_from(["", "IL", "TX"]),
            zip=st.sampled_from(["", "60601", "60010", "99999"]),
        ),
        contact=contacts(),
        hra=st.none() | st.builds(pb.Hra, kind=st.sampled_from(["", "ICHRA", "FSA"]), start_date=DAYS),
    )


def plan_steps() -> st.SearchStrategy[pb.PlansStep]:
    choices = st.lists(st.builds(pb.PcpChoice, member_index=INDEXES, pcp_id=TEXTS), max_size=2)
    return st.builds(
        pb.PlansStep,
        medical_plan_id=st.sampled_from(["", HMO, PPO]),
        dental_plan_id=st.sampled_from(["", DENTAL]),
        pediatric_dental_attested=st.booleans(),
        pediatric_dental_version=VERSIONS,
        pcp_choices=choices,
        pcp_same_for_all=st.booleans(),
    )


def other_coverages() -> st.SearchStrategy[pb.OtherCoverageStep]:
    replaced = st.builds(
        pb.ReplacedCoverage, member_index=INDEXES, insurer=TEXTS, policy_number=TEXTS, termination_date=DAYS
    )
    return st.builds(
        pb.OtherCoverageStep,
        replaces_coverage=st.booleans(),
        replaced=st.lists(replaced, max_size=2),
        has_other_coverage=st.booleans(),
        proxy_agreed=st.booleans(),
        proxy_version=VERSIONS,
        replacement_rights_shown=st.booleans(),
    )


def signature_steps() -> st.SearchStrategy[pb.SignaturesStep]:
    signers = st.builds(pb.Signer, first_name=NAMES, last_name=TEXTS, relationship_to_applicant=TEXTS)
    return st.builds(
        pb.SignaturesStep,
        authorized_representative=st.none() | signers,
        guardian=st.none() | signers,
        consumer_choice_agreed=st.booleans(),
        payment_choice=st.sampled_from([0, pb.PAYMENT_CHOICE_PAY_NOW, pb.PAYMENT_CHOICE_PAY_LATER]),
    )


class Machine(RuleBasedStateMachine):
    """One application, driven through the contract; ``sound`` fills it, so that submissions succeed now and then."""

    harness_on: ClassVar[Callable[[str], Any]]
    # What was seen in all runs together: a machine that never gets anywhere proves nothing.
    seen: ClassVar[set[str]]

    def __init__(self) -> None:
        super().__init__()
        self.harness = type(self).harness_on("2026-05-20")
        self.app: Any = None

    # Chance alone does not reach a submission in every run.
    @initialize(as_far_as=st.sampled_from(["started", "ready", "submitted"]))
    def start(self, as_far_as: str) -> None:
        self.app = self.harness.start()
        if as_far_as == "started":
            self.submit(0, False)  # always too early
        else:
            self.fill_soundly()
        if as_far_as == "submitted":
            self.submit(0, False)

    @rule(sep=st.booleans(), events=st.lists(st.tuples(st.sampled_from(["birth", "marriage", "no"]), DAYS), max_size=2))
    def save_general(self, sep: bool, events: list[tuple[str, str]]) -> None:
        events = [event for event in events if event[1]]
        self._try(lambda: self.harness.save(self.app, general=samples.general(*events, sep=sep)))

    @rule(wanted=st.sampled_from(["", "2026-05-10", "2026-06-01", "2026-06-15"]))
    def calculate(self, wanted: str) -> None:
        self._try(lambda: self.harness.calculate(self.app, wanted))

    @rule(household=households(), ids=st.booleans())
    def save_household(self, household: pb.HouseholdStep, ids: bool) -> None:
        if ids:
            for sent, known in zip(household.people, self.app.household.people, strict=False):
                sent.person_id = known.person_id
        self._try(lambda: self.harness.save(self.app, household=household))

    @rule()
    def save_back_what_was_read(self) -> None:
        for name in ("household", "plans", "other_coverage", "signatures"):
            before = getattr(self.app, name)
            self._try(partial(self.harness.save, self.app, **{name: before}))
            assert getattr(self.app, name) == before

    @rule(step=plan_steps())
    def save_plans(self, step: pb.PlansStep) -> None:
        self._try(lambda: self.harness.save(self.app, plans=step))

    @rule(step=other_coverages())
    def save_other_coverage(self, step: pb.OtherCoverageStep) -> None:
        self._try(lambda: self.harness.save(self.app, other_coverage=step))

    @rule(step=signature_steps())
    def save_signatures(self, step: pb.SignaturesStep) -> None:
        self._try(lambda: self.harness.save(self.app, signatures=step))

    @rule()
    def fill_soundly(self) -> None:
        steps: list[dict[str, Any]] = [
            {"general": samples.general(("birth", "2026-05-10"))},
            {"household": samples.household()},
            {"plans": pb.PlansStep(medical_plan_id=HMO, dental_plan_id=DENTAL)},
            {"other_coverage": pb.OtherCoverageStep()},
            {"signatures": pb.SignaturesStep(payment_choice=pb.PAYMENT_CHOICE_PAY_NOW)},
        ]
        for step in steps:
            self._try(partial(self.harness.save, self.app, **step))
        self._try(lambda: self.harness.calculate(self.app))

    @rule()
    def save_from_an_old_tab(self) -> None:
        old = application_pb2.Application(record_number=self.app.record_number, version=self.app.version + 1)
        before = self.harness.get(self.app)
        try:
            self.harness.save(old, signatures=pb.SignaturesStep())
        except (Stale, Conflict):
            assert self.harness.get(self.app) == before
        else:
            raise AssertionError("a stale save went through")

    @rule(surcharge=st.sampled_from([0, 0, 5]), refuses=st.sampled_from([False, False, True]))
    def submit(self, surcharge: int, refuses: bool) -> None:
        missing = self.harness.missing(self.app)
        sent = self.app.status == application_pb2.APPLICATION_STATUS_SUBMITTED
        self.harness.quotes.surcharge += surcharge
        refusal = InvalidInput.at("members[0].pcp_id", "This provider takes no new patients.", rule="R69")
        self.harness.providers.failure = refusal if refuses else None
        try:
            self.app = self.harness.submit(self.app)
        except NotReady as not_ready:
            assert [_place(one.field) for one in not_ready.problems] == missing != []
            assert self.harness.get(self.app) == self.app
            self.seen.add("not ready")
        except Conflict:
            assert sent
        else:
            assert not missing
            assert self.app.status in (
                application_pb2.APPLICATION_STATUS_SUBMITTED,
                application_pb2.APPLICATION_STATUS_FAILED,
            )
            self.seen.add(application_pb2.ApplicationStatus.Name(self.app.status))

    @invariant()
    def one_outcome(self) -> None:
        kinds = [type(event) for event in self.harness.work.events]
        submitted = self.app is not None and self.app.status == application_pb2.APPLICATION_STATUS_SUBMITTED
        assert kinds.count(ApplicationSubmitted) == submitted
        if self.app is not None:
            assert kinds.count(SubmissionFailed) + submitted == self.harness.state.applications["A-0001"].attempt

    @invariant()
    def acceptances_are_of_answers_that_stand(self) -> None:
        if self.app is None:
            return
        kinds = [one.kind for one in self.app.acceptances]
        assert ("proxy" in kinds) == self.app.other_coverage.proxy_agreed
        assert ("pediatric-dental" in kinds) == self.app.plans.pediatric_dental_attested
        assert not (self.app.plans.pediatric_dental_attested and self.app.plans.dental_plan_id)
        assert all(one.version == "2026.1" for one in self.app.acceptances)

    def _try(self, act: Callable[[], Any]) -> None:
        """A refusal names what is wrong and leaves everything as it was; any other fault fails the test."""
        before = self.harness.get(self.app)
        try:
            self.app = act()
        except DomainError as refused:
            assert refused.message
            self.seen.add(refused.code)
            assert not isinstance(refused, InvalidInput) or all(one.field for one in refused.problems)
            assert self.harness.get(self.app) == before


def _place(field: str) -> tuple[int, str]:
    step, _, rest = field.partition(".")
    return application_pb2.Step.Value(f"STEP_{step.upper()}"), rest


@pytest.mark.slow
def test_random_commands_in_any_order_leave_an_application_valid(
    harness_on: Callable[[str], EnrollmentHarness],
) -> None:
    # most steps are refused by an application that is not there yet, and a loaded machine is slow
    checks = [HealthCheck.too_slow, HealthCheck.filter_too_much, HealthCheck.data_too_large]
    few = settings(max_examples=30, stateful_step_count=25, deadline=None, suppress_health_check=checks)
    seen: set[str] = set()
    bound: type[Machine] = type("Bound", (Machine,), {"harness_on": staticmethod(harness_on), "seen": seen})
    run_state_machine_as_test(bound, settings=few)
    reached = {"not ready", "invalid_input", "APPLICATION_STATUS_SUBMITTED", "already_submitted"}
    assert reached <= seen, seen


def test_readiness_and_submission_judge_alike(harness: EnrollmentHarness) -> None:
    """The negative control of the machine's comparison: what readiness lists is what submission names."""
    app = harness.start()
    request = service.GetReadinessRequest(record_number=app.record_number)
    answer = harness.call("GetReadiness", request)
    listed = [(one.step, one.field, one.message, one.rule) for one in answer.missing]
    assert not answer.ready
    try:
        harness.submit(app)
    except NotReady as refused:
        assert [(*_place(one.field), one.message, one.rule) for one in refused.problems] == listed
    else:
        raise AssertionError("an empty application was submitted")
