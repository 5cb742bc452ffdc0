"""Step 2: people by id, nobody turned into somebody else, answers that nothing is decided by, HRA, tobacco."""

from typing import Any

import pytest
from suite.common.v1 import common_pb2 as common
from suite.enrollment.v1 import application_pb2
from suite.enrollment.v1 import records_pb2 as records
from suite.enrollment.v1 import steps_pb2 as pb

from chassis.kernel import Caller, CallerKind, Conflict, InvalidInput, WritingNumber
from tests.unit.services.enrollment import samples
from tests.unit.services.enrollment.harness import EnrollmentHarness

TWO_STATES = Caller(
    CallerKind.DELEGATE,
    "delegate@example.com",
    (
        WritingNumber("220002580", "IL", "FRITZ, CALVIN C", ""),
        WritingNumber("220002581", "IL", "FRITZ, CALVIN C", ""),
        WritingNumber("107864325", "TX", "CRAVEN, FAZILA", ""),
    ),
)


def fields(refused: Any) -> list[tuple[str, str]]:
    return [(one.field, one.rule) for one in refused.value.problems]


def under(harness: EnrollmentHarness, app: Any, number: str, caller: Caller = TWO_STATES) -> Any:
    from suite.enrollment.v1 import enrollment_service_pb2 as service

    general = pb.GeneralStep(producer=common.Producer(writing_number=number), special_enrollment=True)
    request = service.SaveStepRequest(record_number=app.record_number, version=app.version, general=general)
    return harness.call("SaveStep", request, caller).application


def test_without_a_quote_another_own_number_of_the_home_state_can_be_taken(harness: EnrollmentHarness) -> None:
    app = harness.save(harness.start(), household=samples.household())
    assert under(harness, app, "220002581").general.producer.writing_number == "220002581"


def test_state_of_number_and_of_home_address_have_to_match_both_ways(harness: EnrollmentHarness) -> None:
    app = harness.save(harness.start(), household=samples.household())
    with pytest.raises(InvalidInput) as refused:
        under(harness, app, "107864325")
    assert fields(refused) == [("producer.writing_number", "R26")]
    moved = under(harness, harness.start(), "107864325")
    assert moved.state == "TX"
    with pytest.raises(InvalidInput) as refused:
        harness.save(moved, TWO_STATES, household=samples.household())
    assert ("home_address.state", "R26") in fields(refused)


def test_under_another_number_the_applicant_is_the_other_numbers_client(harness: EnrollmentHarness) -> None:
    app = harness.save(harness.start(), household=samples.household())
    under(harness, app, "220002581")
    assert [number for number, _ in harness.state.clients] == ["220002581"]


def test_a_consent_is_not_carried_into_the_next_application(harness: EnrollmentHarness) -> None:
    app = harness.save(harness.start(), household=samples.household())
    assert app.household.contact.text_messages_version == "2026.1"
    [(_, profile)] = harness.state.clients.values()
    assert profile.contact.text_messages_version == ""
    assert profile.contact.phone


def test_a_number_of_somebody_else_answers_like_an_unknown_one(harness: EnrollmentHarness) -> None:
    for number in ("107864325", "999999999"):
        with pytest.raises(InvalidInput) as refused:
            under(
                harness,
                harness.start(),
                number,
                TWO_STATES.__class__(CallerKind.PRODUCER, "p", TWO_STATES.writing_numbers[:1]),
            )
        assert fields(refused) == [("producer.writing_number", "R25")]


def test_a_quote_fixes_the_producer(harness: EnrollmentHarness) -> None:
    harness.quotes.saved = samples.quote()
    app = harness.enroll().application
    assert "producer" in app.locked
    with pytest.raises(InvalidInput) as refused:
        under(harness, app, "220002581")
    assert fields(refused) == [("producer.writing_number", "R22")]


def test_with_ids_a_first_name_is_corrected_and_the_number_stays(harness: EnrollmentHarness) -> None:
    people = samples.household().people
    people[1].ssn = "123-45-0001"
    app = harness.save(harness.start(), household=samples.household(people=people))
    people = app.household.people
    people[1].first_name = "Deborah"
    app = harness.save(app, household=samples.household(people=people))
    assert (app.household.people[1].first_name, app.household.people[1].ssn_last_four) == ("Deborah", "0001")
    assert app.household.people[1].person_id == people[1].person_id


def test_when_both_names_change_the_number_has_to_be_typed_again(harness: EnrollmentHarness) -> None:
    people = samples.household().people
    people[1].ssn = "123-45-0001"
    app = harness.save(harness.start(), household=samples.household(people=people))
    people = app.household.people
    people[1].first_name, people[1].last_name = "Deborah", "Other"
    saved = harness.save(app, household=samples.household(people=people)).household.people[1]
    assert (saved.person_id, saved.ssn_last_four) == (people[1].person_id, "")


@pytest.mark.parametrize("with_id", [True, False])
@pytest.mark.parametrize(
    "changes",
    [
        {"first_name": "Eva", "last_name": "Other", "date_of_birth": "1990-01-01"},
        {"first_name": "Eva", "date_of_birth": "1990-01-01"},
        {"first_name": "Eva", "ssn": "123-45-0009"},
        {"date_of_birth": "1990-01-01", "ssn": "123-45-0009"},
    ],
)
def test_an_edit_cannot_turn_the_primary_applicant_into_another_person(
    harness: EnrollmentHarness, changes: dict[str, str], with_id: bool
) -> None:
    people = samples.household().people
    people[0].ssn = "123-45-0001"
    app = harness.save(harness.start(), household=samples.household(people=people))
    ada, dee = app.household.people
    swapped = pb.Person()
    swapped.CopyFrom(ada)
    for name, value in changes.items():
        setattr(swapped, name, value)
    if not with_id:
        swapped.person_id = ""
    with pytest.raises(Conflict) as refused:
        harness.save(app, household=samples.household(people=[swapped, dee]))
    assert (refused.value.code, [one.field for one in refused.value.problems]) == ("another_person", ["people[0]"])
    assert "new application" in refused.value.message
    assert not any(value in refused.value.message for value in changes.values())
    assert harness.get(app) == app


@pytest.mark.parametrize(
    "changes",
    [{"first_name": "Adam"}, {"last_name": "Married"}, {"date_of_birth": "1987-06-15"}, {"ssn": "123-45-0009"}],
)
def test_one_correction_at_a_time_is_no_other_person(harness: EnrollmentHarness, changes: dict[str, str]) -> None:
    people = samples.household().people
    people[0].ssn = "123-45-0001"
    app = harness.save(harness.start(), household=samples.household(people=people))
    ada, dee = app.household.people
    for name, value in changes.items():
        setattr(ada, name, value)
    saved = harness.save(app, household=samples.household(people=[ada, dee])).household.people[0]
    assert saved.person_id == ada.person_id
    assert saved.ssn_last_four == changes.get("ssn", "0001")[-4:]


def test_the_applicant_and_somebody_else_do_not_change_places(harness: EnrollmentHarness) -> None:
    app = harness.save(harness.start(), household=samples.household())
    ada, dee = app.household.people
    ada.relationship, dee.relationship = common.RELATIONSHIP_OTHER_DEPENDENT, common.RELATIONSHIP_SELF
    with pytest.raises(Conflict):
        harness.save(app, household=samples.household(people=[dee, ada]))


def test_a_child_is_not_edited_into_another_but_removed_and_added(harness: EnrollmentHarness) -> None:
    app = harness.save(harness.start(), household=samples.household())
    ada, dee = app.household.people
    edited = pb.Person(person_id=dee.person_id, relationship=dee.relationship, last_name="Sample")
    edited.first_name, edited.date_of_birth = "Cal", "2019-09-03"
    with pytest.raises(Conflict) as refused:
        harness.save(app, household=samples.household(people=[ada, edited]))
    assert "Remove this person" in refused.value.message
    edited.person_id = ""
    cal = harness.save(app, household=samples.household(people=[ada, edited])).household.people[1]
    assert cal.person_id not in ("", dee.person_id)


def test_an_id_that_nobody_has_is_refused(harness: EnrollmentHarness) -> None:
    app = harness.save(harness.start(), household=samples.household())
    people = [*app.household.people, pb.Person(relationship=common.RELATIONSHIP_CHILD, person_id="p-9")]
    twin = pb.Person()
    twin.CopyFrom(people[1])
    twin.first_name = "Twin"
    for wrong in (people, [people[0], people[1], twin]):
        with pytest.raises(InvalidInput) as refused:
            harness.save(app, household=samples.household(people=wrong))
        assert fields(refused) == [("people[2].person_id", "R58")]


def test_a_dependent_is_a_child_until_it_is_said_otherwise(harness: EnrollmentHarness) -> None:
    people = samples.household().people
    for person in people:
        person.ClearField("relationship")
    app = harness.save(harness.start(), household=samples.household(people=people))
    assert [one.relationship for one in app.household.people] == [
        common.RELATIONSHIP_SELF,
        common.RELATIONSHIP_CHILD,
    ]


def test_two_people_do_not_share_a_number(harness: EnrollmentHarness) -> None:
    people = samples.household().people
    people[0].ssn = people[1].ssn = "123-45-0001"
    with pytest.raises(InvalidInput) as refused:
        harness.save(harness.start(), household=samples.household(people=people))
    assert fields(refused) == [("people[1].ssn", "R46")]


def test_choices_and_coverage_name_people_by_id(harness: EnrollmentHarness) -> None:
    app = harness.complete()
    ada, dee = (person.person_id for person in app.household.people)
    choice = pb.PcpChoice(person_id=dee, pcp_id="DEE")
    plans = pb.PlansStep(medical_plan_id=samples.HMO, dental_plan_id=samples.DENTAL, pcp_choices=[choice])
    app = harness.save(app, plans=plans)
    assert [(one.member_index, one.person_id) for one in app.plans.pcp_choices] == [(1, dee)]
    other = pb.OtherCoverage(person_id=ada, member_number="1", group_id="2")
    app = harness.save(app, other_coverage=pb.OtherCoverageStep(has_other_coverage=True, others=[other]))
    assert [(one.member_index, one.person_id) for one in app.other_coverage.others] == [(0, ada)]
    choice.person_id = "p-9"
    with pytest.raises(InvalidInput) as refused:
        harness.save(app, plans=pb.PlansStep(medical_plan_id=samples.HMO, pcp_choices=[choice]))
    assert fields(refused) == [("pcp_choices[0].person_id", "R58")]


def test_one_provider_for_all_keeps_the_others_answers(harness: EnrollmentHarness) -> None:
    choices = [pb.PcpChoice(member_index=0, pcp_id="ADA"), pb.PcpChoice(member_index=1, pcp_id="DEE")]
    plans = pb.PlansStep(
        medical_plan_id=samples.HMO, dental_plan_id=samples.DENTAL, pcp_choices=choices, pcp_same_for_all=True
    )
    app = harness.save(harness.complete(), plans=plans)
    assert [choice.pcp_id for choice in app.plans.pcp_choices] == ["ADA", "DEE"]
    harness.submit(app)
    assert [wish.pcp_id for wish in harness.providers.pcp_selections] == ["ADA", "ADA"]
    plans.pcp_same_for_all = False
    harness.submit(harness.save(harness.complete(), plans=plans))
    assert [wish.pcp_id for wish in harness.providers.pcp_selections] == ["ADA", "DEE"]
    del plans.pcp_choices[0]
    plans.pcp_same_for_all, plans.pcp_choices[0].member_index = True, 1
    assert harness.missing(harness.save(harness.complete(), plans=plans)) == [
        (application_pb2.STEP_PLANS, "pcp_choices")
    ]


def test_a_dental_form_has_neither_providers_nor_attestation(harness: EnrollmentHarness) -> None:
    app = harness.save(harness.start(), household=samples.household(form_type=pb.FORM_TYPE_DENTAL))
    plans = pb.PlansStep(
        medical_plan_id=samples.HMO, pediatric_dental_attested=True, pcp_choices=[pb.PcpChoice(pcp_id="1")]
    )
    with pytest.raises(InvalidInput) as refused:
        harness.save(app, plans=plans)
    assert fields(refused) == [
        ("medical_plan_id", "R38"),
        ("pcp_choices", "R38"),
        ("pediatric_dental_attested", "R38"),
    ]


def test_answers_on_identity_carry_their_scheme(harness: EnrollmentHarness) -> None:
    people = samples.household().people
    answers = records.SelfIdentification(
        spoken_language="es", written_language="en", ethnicities=["mexican", "cuban"], identities=["white"]
    )
    people[1].self_identification.CopyFrom(answers)
    app = harness.save(harness.start(), household=samples.household(people=people))
    saved = app.household.people[1].self_identification
    assert (saved.scheme, list(saved.ethnicities)) == ("hhs-4302-2011", ["mexican", "cuban"])
    assert not app.household.people[0].HasField("self_identification")
    people[1].self_identification.Clear()
    app = harness.save(app, household=samples.household(people=people))
    assert not app.household.people[1].HasField("self_identification")


@pytest.mark.parametrize(
    ("answers", "field", "rule"),
    [
        ({"scheme": "omb-spd15-2024", "identities": ["asian"]}, "scheme", "R55"),
        ({"spoken_language": "tlh"}, "spoken_language", "R54"),
        ({"written_language": "English"}, "written_language", "R54"),
        ({"ethnicities": ["martian"]}, "ethnicities", "R55"),
        ({"identities": ["white", "white"]}, "identities", "R56"),
    ],
)
def test_only_answers_that_are_offered_are_kept(
    harness: EnrollmentHarness, answers: dict[str, Any], field: str, rule: str
) -> None:
    people = samples.household().people
    people[0].self_identification.CopyFrom(records.SelfIdentification(**answers))
    with pytest.raises(InvalidInput) as refused:
        harness.save(harness.start(), household=samples.household(people=people))
    assert fields(refused) == [(f"people[0].self_identification.{field}", rule)]
    assert "martian" not in str(refused.value.problems)


def hra(cents: int, kind: str = "QSEHRA", start: str = "2026-01-01") -> pb.Hra:
    amount = common.Money(cents=cents)
    return pb.Hra(kind=kind, start_date=start, employer_name="Widgets", monthly_contribution=amount)


@pytest.mark.parametrize(
    ("people", "kind", "cents", "noticed"),
    [
        (1, "QSEHRA", 53750, False),
        (1, "QSEHRA", 53751, True),
        (2, "QSEHRA", 53751, False),
        (2, "QSEHRA", 109167, True),
        (2, "ICHRA", 200000, False),
    ],
)
def test_a_contribution_above_the_cap_is_a_notice_and_stops_nothing(
    harness: EnrollmentHarness, people: int, kind: str, cents: int, noticed: bool
) -> None:
    app = harness.complete(people=samples.household().people[:people], hra=hra(cents, kind))
    assert [(one.step, one.field, one.rule) for one in app.notices if one.rule == "R53"] == (
        [(application_pb2.STEP_HOUSEHOLD, "hra.monthly_contribution", "R53")] if noticed else []
    )
    assert harness.submit(app).status == application_pb2.APPLICATION_STATUS_SUBMITTED


@pytest.mark.parametrize(
    ("wrong", "field"),
    [
        (hra(100, start="2016-12-31"), "start_date"),
        (hra(100, "ICHRA", "2019-12-31"), "start_date"),
        (hra(100, start="2027-05-22"), "start_date"),
        (hra(1_000_001), "monthly_contribution"),
        (hra(100, "FSA"), "kind"),
        (pb.Hra(kind="ICHRA", employer_name="x" * 101), "employer_name"),
        (pb.Hra(employer_name="Wid\x07gets"), "employer_name"),
        (pb.Hra(employer_name="<b>Widgets"), "employer_name"),
    ],
)
def test_an_hra_that_cannot_be_is_refused(harness: EnrollmentHarness, wrong: pb.Hra, field: str) -> None:
    with pytest.raises(InvalidInput) as refused:
        harness.save(harness.start(), household=samples.household(hra=wrong))
    assert [one for one, _ in fields(refused)] == [f"hra.{field}"]


@pytest.mark.parametrize(
    ("use", "last", "refusal"),
    [
        (True, "2025-11-20", []),
        (True, "2025-11-19", [("people[0].tobacco_last_used", "R46")]),
        (True, "2026-05-21", [("people[0].tobacco_last_used", "R46")]),
        (False, "2026-05-01", [("people[0].tobacco_last_used", "R46")]),
    ],
)
def test_the_last_use_of_tobacco_lies_in_the_six_months_that_are_asked_about(
    harness: EnrollmentHarness, use: bool, last: str, refusal: list[tuple[str, str]]
) -> None:
    people = samples.household().people
    people[0].tobacco_use, people[0].tobacco_last_used = use, last
    if not refusal:
        harness.save(harness.start(), household=samples.household(people=people))
        return
    with pytest.raises(InvalidInput) as refused:
        harness.save(harness.start(), household=samples.household(people=people))
    assert fields(refused) == refusal


def test_blanks_are_no_answer(harness: EnrollmentHarness) -> None:
    replaced = pb.ReplacedCoverage(insurer="  ", policy_number=" ", termination_date="2026-06-30")
    step = pb.OtherCoverageStep(replaces_coverage=True, replaced=[replaced], replacement_rights_shown=True)
    missing = harness.missing(harness.save(harness.complete(), other_coverage=step))
    assert [field for _, field in missing] == ["replaced[0].insurer", "replaced[0].policy_number"]
