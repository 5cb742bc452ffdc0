"""What a page is told of the rules, and step 1 under them."""

from collections.abc import Callable
from typing import Any

import pytest
from suite.enrollment.v1 import application_pb2, rules_pb2
from suite.enrollment.v1 import enrollment_service_pb2 as service
from suite.enrollment.v1 import steps_pb2 as pb

from chassis.kernel import DomainError, InvalidInput, NotReady
from services.enrollment.rulebook import Rulebook
from tests.unit.services.enrollment import samples
from tests.unit.services.enrollment.harness import EnrollmentHarness


def rules(harness: EnrollmentHarness, state: str = "IL", rule_pack: str = "") -> rules_pb2.EnrollmentRules:
    request = rules_pb2.GetEnrollmentRulesRequest(state=state, rule_pack=rule_pack)
    answer: rules_pb2.EnrollmentRules = harness.call("GetEnrollmentRules", request).rules
    return answer


def fields(refused: pytest.ExceptionInfo[DomainError]) -> set[tuple[str, str]]:
    return {(problem.field, problem.rule) for problem in refused.value.problems}


def wedding(day: str = "2026-05-10", *, attested: bool = False) -> pb.GeneralStep:
    event = pb.LifeEvent(kind="marriage", date=day, prior_coverage_attested=attested)
    return pb.GeneralStep(special_enrollment=True, life_events=[event])


def test_a_page_learns_what_step_1_offers_in_a_state(harness: EnrollmentHarness) -> None:
    found = rules(harness)
    assert (found.rule_pack, found.plan_year, found.today) == ("2026.1", 2026, "2026-05-20")
    assert found.special_enrollment_locked
    assert not found.open_enrollment.open
    assert (found.open_enrollment.first_day, found.open_enrollment.last_day) == ("2026-11-01", "2026-12-31")
    events = {event.kind: event for event in found.life_events}
    loss, birth, citizen = events["loss_of_coverage"], events["birth"], events["citizenship"]
    assert (loss.date_hint, loss.earliest_date, loss.latest_date) == (
        "Last day of coverage",
        "2026-03-21",
        "2026-07-19",
    )
    assert [(proof.code, proof.label) for proof in birth.proofs] == [
        ("birth_certificate", "Birth certificate or hospital record")
    ]
    assert (birth.earliest_date, birth.latest_date, birth.off_exchange) == ("2026-03-21", "2026-05-20", True)
    assert (citizen.off_exchange, citizen.earliest_date) == (False, "")
    assert "Get Covered Illinois" in citizen.hint
    assert events["marriage"].prior_coverage
    assert "Pre-Sales Support" in found.life_event_help


def test_inside_open_enrollment_the_special_enrollment_question_is_free(
    harness_on: Callable[[str], EnrollmentHarness],
) -> None:
    found = rules(harness_on("2026-11-23"), "TX")
    assert not found.special_enrollment_locked
    assert (found.rule_pack, found.open_enrollment.plan_year, found.open_enrollment.open) == ("2027.1", 2027, True)
    [start] = found.open_enrollment.starts
    assert (start.selected_until, start.effective_date) == ("2026-12-15", "2027-01-01")


def test_a_page_learns_what_the_other_steps_ask_in_a_state(harness: EnrollmentHarness) -> None:
    illinois, texas = rules(harness), rules(harness, "TX")
    assert "consumer-choice" not in [text.kind for text in illinois.disclosures]
    assert [(t.version, t.rule) for t in texas.disclosures if t.kind == "consumer-choice"] == [("2026.1", "R82")]
    assert {form.form_type for form in texas.form_types if form.coverage_replacement} == {1, 2}
    digits = {one.name: one.digits for one in illinois.identifiers}
    assert digits == {"writing_number": 9, "pcp_id": 0, "medical_group_id": 3}
    assert {one.name: one.digits for one in texas.identifiers}["medical_group_id"] == 0
    assert [one.code for one in texas.relationships] == ["spouse", "child", "other_dependent"]
    assert (texas.default_relationship, texas.most_people, texas.tobacco_age) == ("child", 20, 21)
    assert [len(scheme.identities) for scheme in texas.identity_schemes] == [15]
    assert (texas.exchange.target, illinois.exchange.target) == ("ISP", "SBE")


def test_an_open_application_asks_for_the_pack_that_judges_it(harness: EnrollmentHarness) -> None:
    assert rules(harness, "IL", "2023.1").rule_pack == "2023.1"
    for state, version, field in (("IL", "2019.1", "rule_pack"), ("CA", "", "state")):
        with pytest.raises(InvalidInput) as refused:
            rules(harness, state, version)
        assert {problem.field for problem in refused.value.problems} == {field}


@pytest.mark.parametrize("today", ["2022-03-01", "2023-03-01", "2024-03-01", "2025-03-01", "2026-03-01"])
def test_an_application_of_an_earlier_year_is_judged_by_its_pack(
    harness_on: Callable[[str], EnrollmentHarness], today: str
) -> None:
    harness = harness_on(today)
    app = harness.save(harness.start(), general=samples.general(("birth", f"{today[:4]}-02-20")))
    app = harness.calculate(app)
    assert app.rule_pack == f"{today[:4]}.1"
    assert app.effective_date == f"{today[:4]}-02-20"
    assert app.effective_date_basis.rule == f"birth@{today[:4]}.1"


MOVED_AND_LOST = (
    ("permanent_move", "2026-05-02"),
    ("permanent_move", "2026-05-10"),
    ("loss_of_coverage", "2026-05-31"),
)


def offered(harness: EnrollmentHarness, app: Any) -> list[tuple[str, str]]:
    dates = harness.call("ListEffectiveDates", service.ListEffectiveDatesRequest(record_number=app.record_number))
    on_the_first = [one for one in dates.options if one.effective_date == "2026-06-01"]
    return [(one.life_event, one.life_event_date) for one in on_the_first]


def test_of_several_events_that_give_one_date_any_can_be_chosen_and_is_recorded(harness: EnrollmentHarness) -> None:
    app = harness.save(harness.start(), general=samples.general(*MOVED_AND_LOST))
    assert offered(harness, app) == list(MOVED_AND_LOST)
    assert harness.get(harness.calculate(app, "2026-06-01")).effective_date_basis.life_event_date == "2026-05-02"
    labels = {one.kind: one.label for one in rules(harness).life_events}
    for place, (kind, happened) in enumerate(MOVED_AND_LOST, 1):
        app = harness.calculate(harness.get(app), "2026-06-01", life_event=kind, life_event_date=happened)
        basis = harness.get(app).effective_date_basis
        assert (basis.life_event, basis.life_event_date, app.effective_date) == (kind, happened, "2026-06-01")
        request = service.GetTimelineRequest(record_number=app.record_number)
        last = harness.call("GetTimeline", request).entries[-1]
        assert last.summary == f"Effective date chosen, for life event {place} ({labels[kind]})."
        assert (list(last.changed_fields) == ["Life event of the effective date"]) == (place > 1)


def test_an_event_without_a_date_gives_its_own_earliest(harness: EnrollmentHarness) -> None:
    general = samples.general(("permanent_move", "2026-05-02"), ("birth", "2026-05-10"))
    app = harness.save(harness.start(), general=general)
    assert harness.calculate(app).effective_date == "2026-05-10"
    assert harness.calculate(harness.get(app), life_event="permanent_move").effective_date == "2026-06-01"


@pytest.mark.parametrize(
    ("wanted", "event", "says"),
    [
        ("2026-05-10", {"life_event": "permanent_move"}, "does not give this date"),
        ("2026-06-01", {"life_event": "marriage"}, "not on the application"),
        ("", {"life_event": "birth", "life_event_date": "2026-05-11"}, "not on the application"),
        ("2026-07-01", {"life_event_date": "2026-05-02"}, "does not give this date"),
    ],
)
def test_an_event_that_does_not_give_the_date_is_refused(
    harness: EnrollmentHarness, wanted: str, event: dict[str, str], says: str
) -> None:
    general = samples.general(("permanent_move", "2026-05-02"), ("birth", "2026-05-10"))
    app = harness.save(harness.start(), general=general)
    with pytest.raises(InvalidInput, match=says) as refused:
        harness.calculate(app, wanted, **event)
    assert [(one.field, one.rule) for one in refused.value.problems] == [("life_event", "R29")]
    assert harness.get(app) == app


def test_the_date_of_an_event_has_to_be_a_date(harness: EnrollmentHarness) -> None:
    app = harness.save(harness.start(), general=samples.general(("birth", "2026-05-10")))
    with pytest.raises(InvalidInput) as refused:
        harness.calculate(app, life_event="birth", life_event_date="05/10/2026")
    assert [one.field for one in refused.value.problems] == ["life_event_date"]


def test_marriage_asks_for_coverage_before_and_the_attestation_does_not_void_the_date(
    harness: EnrollmentHarness,
) -> None:
    app = harness.calculate(harness.save(harness.start(), general=wedding()))
    asked = (application_pb2.STEP_GENERAL, "life_events[0].prior_coverage_attested")
    assert asked in harness.missing(app)
    app = harness.save(app, general=wedding(attested=True))
    assert app.effective_date == "2026-06-01"
    assert app.general.life_events[0].prior_coverage_attested
    assert asked not in harness.missing(app)


def test_an_attestation_that_nobody_asked_for_is_not_kept(harness: EnrollmentHarness) -> None:
    birth = pb.LifeEvent(kind="birth", date="2026-05-10", prior_coverage_attested=True)
    app = harness.save(harness.start(), general=pb.GeneralStep(special_enrollment=True, life_events=[birth]))
    assert not app.general.life_events[0].prior_coverage_attested


def test_only_the_event_that_justifies_the_date_has_to_be_attested(harness: EnrollmentHarness) -> None:
    events = samples.general(("marriage", "2026-05-10"), ("birth", "2026-05-12"))
    app = harness.calculate(harness.save(harness.start(), general=events))
    assert (app.effective_date, app.effective_date_basis.life_event) == ("2026-05-12", "birth")
    assert app.effective_date_basis.life_event_date == "2026-05-12"
    assert not [field for _, field in harness.missing(app) if "prior_coverage" in field]


def test_of_two_events_of_one_kind_the_one_that_justifies_the_date_is_attested(harness: EnrollmentHarness) -> None:
    moves = [
        pb.LifeEvent(kind="permanent_move", date="2026-05-02", prior_coverage_attested=True),
        pb.LifeEvent(kind="permanent_move", date="2026-05-10"),
    ]
    step = pb.GeneralStep(special_enrollment=True, life_events=moves)
    app = harness.calculate(harness.save(harness.start(), general=step))
    assert app.effective_date_basis.life_event_date == "2026-05-02"
    assert not [field for _, field in harness.missing(app) if "prior_coverage" in field]


def test_inside_open_enrollment_a_late_event_also_shows_the_other_way(
    harness_on: Callable[[str], EnrollmentHarness],
) -> None:
    harness = harness_on("2026-11-23")
    app = harness.save(harness.start(), general=samples.general(("marriage", "2026-08-01")))
    request = service.ListEffectiveDatesRequest(record_number=app.record_number)
    [refusal] = harness.call("ListEffectiveDates", request).refused
    assert refusal.explanation.endswith("or, up to 12/31/2026, enroll in open enrollment.")


@pytest.mark.parametrize(
    ("kind", "day", "field"),
    [("marriage", "2026-03-20", "date"), ("birth", "2026-05-21", "date"), ("citizenship", "2026-05-10", "kind")],
)
def test_an_event_that_gives_no_date_can_be_saved_and_stands_among_what_is_missing(
    harness: EnrollmentHarness, kind: str, day: str, field: str
) -> None:
    """docs/adr/0019: a draft may hold it; nothing can be submitted with it alone."""
    app = harness.save(harness.start(), general=samples.general((kind, day)))
    assert (application_pb2.STEP_GENERAL, f"life_events[0].{field}") in harness.missing(app)
    with pytest.raises(NotReady) as refused:
        harness.calculate(app)
    assert fields(refused) == {(f"life_events[0].{field}", "R28")}
    request = service.ListEffectiveDatesRequest(record_number=app.record_number)
    [refusal] = harness.call("ListEffectiveDates", request).refused
    assert refusal.reason == ("exchange_only" if field == "kind" else "outside_window")


def test_an_event_that_no_pack_knows_is_refused_at_once(harness: EnrollmentHarness) -> None:
    for kind in ("winning_the_lottery", "Birth"):
        with pytest.raises(InvalidInput) as refused:
            harness.save(harness.start(), general=samples.general((kind, "2026-05-10")))
        assert refused.value.problems[0].field == "life_events[0].kind"


def test_an_empty_life_event_is_told_what_to_enter_in_each_field(harness: EnrollmentHarness) -> None:
    step = pb.GeneralStep(special_enrollment=True, life_events=[pb.LifeEvent()])
    with pytest.raises(InvalidInput) as refused:
        harness.save(harness.start(), general=step)
    assert [(one.field, one.message) for one in refused.value.problems] == [
        ("life_events[0].kind", "Choose the life event."),
        ("life_events[0].date", "Enter the date of the event."),
    ]


def test_the_same_event_twice_is_refused_also_with_another_attestation(harness: EnrollmentHarness) -> None:
    twice = [
        pb.LifeEvent(kind="marriage", date="2026-05-10", prior_coverage_attested=attested) for attested in (True, False)
    ]
    with pytest.raises(InvalidInput) as refused:
        harness.save(harness.start(), general=pb.GeneralStep(special_enrollment=True, life_events=twice))
    assert fields(refused) == {("life_events[1]", "R29")}


@pytest.mark.parametrize(
    "events",
    [
        [("birth", "2026-05-10"), ("marriage", "2026-05-02")],  # added
        [("birth", "2026-05-11")],  # edited
        [("adoption", "2026-05-10")],  # replaced
    ],
)
def test_any_change_of_events_voids_the_calculated_date(harness: EnrollmentHarness, events: Any) -> None:
    app = harness.calculate(harness.save(harness.start(), general=samples.general(("birth", "2026-05-10"))))
    assert app.effective_date
    app = harness.save(app, general=samples.general(*events))
    assert app.effective_date == ""
    assert not app.HasField("effective_date_basis")
    assert (application_pb2.STEP_GENERAL, "effective_date") in harness.missing(app)


def test_deleting_one_of_two_events_voids_the_date_too(harness: EnrollmentHarness) -> None:
    both = samples.general(("birth", "2026-05-10"), ("marriage", "2026-05-02"))
    app = harness.calculate(harness.save(harness.start(), general=both))
    assert harness.save(app, general=samples.general(("birth", "2026-05-10"))).effective_date == ""


def test_every_event_that_holds_off_exchange_can_be_calculated(harness: EnrollmentHarness) -> None:
    pack = Rulebook().version("2026.1")
    for kind, rule in pack.life_events.items():
        if rule.off_exchange:
            app = harness.save(harness.start(), general=samples.general((kind, "2026-05-15")))
            assert harness.calculate(app).effective_date_basis.life_event == kind


def test_the_timeline_tells_a_chosen_date_from_a_calculated_one_and_names_the_event(harness: EnrollmentHarness) -> None:
    app = harness.calculate(harness.save(harness.start(), general=samples.general(("birth", "2026-05-10"))))
    harness.calculate(app, "2026-06-01")
    request = service.GetTimelineRequest(record_number=app.record_number)
    said = [entry.summary for entry in harness.call("GetTimeline", request).entries if "ffective date" in entry.summary]
    assert said == [
        "Effective date calculated as the earliest that is possible, for life event 1 (Birth).",
        "Effective date chosen, for life event 1 (Birth).",
    ]
