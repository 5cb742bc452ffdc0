from dataclasses import replace
from datetime import date, datetime
from typing import Any

import pytest
from suite.common.v1 import common_pb2 as common
from suite.pcp.v1 import pcp_pb2 as pcp
from suite.pcp.v1 import pcp_service_pb2 as pb

from chassis.identity import Caller, CallerKind
from chassis.kernel import FixedClock, InvalidInput, NotFound
from chassis.paging import PageTokens
from services.pcp.contract.service import PcpContract, UseCases
from services.pcp.domain.entry_report import EntryFault, EntryReport
from services.pcp.domain.provider import Gender, Panel
from services.pcp.events.outgoing import event_to_proto
from services.pcp.usecases.assign_providers import AssignProviders
from services.pcp.usecases.check_providers import CheckProviders
from services.pcp.usecases.find_place import FindPlace
from services.pcp.usecases.get_provider import GetProvider
from services.pcp.usecases.ports import ProviderFilter
from services.pcp.usecases.report_provider import EntryRemark, ReportProvider
from services.pcp.usecases.search_providers import SearchProviders
from tests.access_rules import may_call
from tests.unit.services.pcp.fakes import CITIES, CLOCK, DISTANCES, NETWORK, FakeWork, provider

PRODUCER = Caller(CallerKind.PRODUCER, "producer@example.com")
ENROLLMENT = Caller(CallerKind.SERVICE, "enrollment")
METHODS = PcpContract.descriptor.methods_by_name


@pytest.fixture
def work() -> FakeWork:
    spanish = provider("IL1", languages=("English", "Spanish"), gender=Gender.FEMALE)
    return FakeWork([provider("IL0", panel=Panel.PEDIATRIC, gender=Gender.OTHER), spanish])


@pytest.fixture
def contract(work: FakeWork) -> PcpContract:
    assign = AssignProviders(work, FixedClock.at("2026-03-01"), DISTANCES)
    use_cases = UseCases(
        SearchProviders(work, CLOCK, CITIES),
        FindPlace(work, CITIES),
        GetProvider(work),
        ReportProvider(work, CLOCK),
        assign,
        CheckProviders(work, DISTANCES),
    )
    return PcpContract(use_cases, PageTokens.with_key(bytes(32)))


def assign_request(*members: pb.MemberChoice) -> pb.AssignProvidersRequest:
    return pb.AssignProvidersRequest(
        record_number="A-0638", plan_id="36096IL9900001-00", plan_year=2026, zip="60601", members=members
    )


def test_any_variant_of_the_plan_finds_its_network(contract: PcpContract) -> None:
    request = pb.SearchProvidersRequest(plan_id="36096IL9900001-00", plan_year=2026, zip="60601")
    answer = contract.search_providers(request, PRODUCER)
    assert [(p.pcp_id, p.distance_miles, p.illustrative) for p in answer.providers] == [
        ("IL0", "0.0", True),
        ("IL1", "0.1", True),
    ]


def test_age_0_filters_to_providers_who_see_infants(contract: PcpContract) -> None:
    request = pb.SearchProvidersRequest(plan_id="36096IL9900001-00", plan_year=2026, zip="60601", age=0)
    assert [p.pcp_id for p in contract.search_providers(request, PRODUCER).providers] == ["IL0", "IL1"]
    request.age = 40
    assert [p.pcp_id for p in contract.search_providers(request, PRODUCER).providers] == ["IL1"]


def test_only_enrollment_assigns(contract: PcpContract) -> None:
    request = assign_request(pb.MemberChoice(age=40))
    for caller in (PRODUCER, Caller(CallerKind.SERVICE, "quote")):
        assert not may_call(METHODS["AssignProviders"], caller)
    assert may_call(METHODS["AssignProviders"], ENROLLMENT)
    answer = contract.assign_providers(request, ENROLLMENT)
    assert [(a.pcp_id, a.npi, a.auto_assigned) for a in answer.assignments] == [("IL1", "2000001042", True)]
    assert [(one.member_index, one.location.zip) for one in answer.offices] == [(0, "60601")]


def test_a_member_listed_twice_is_refused(contract: PcpContract) -> None:
    with pytest.raises(InvalidInput) as refused:
        contract.assign_providers(assign_request(pb.MemberChoice(age=4), pb.MemberChoice(age=5)), ENROLLMENT)
    assert refused.value.problems[0].field == "members"


def test_the_event_goes_out_under_the_record_number(contract: PcpContract, work: FakeWork) -> None:
    contract.assign_providers(assign_request(pb.MemberChoice(age=40)), ENROLLMENT)
    outgoing = event_to_proto(work.events[0])
    assert (outgoing.type, outgoing.subject) == ("pcp.assignment.made.v1", "A-0638")


def test_pages_together_hold_every_provider_once(contract: PcpContract) -> None:
    request = pb.SearchProvidersRequest(
        plan_id="36096IL9900001-00", plan_year=2026, zip="60601", page=common.Page(size=1)
    )
    first = contract.search_providers(request, PRODUCER)
    request.page.token = first.next_page_token
    second = contract.search_providers(request, PRODUCER)
    assert [p.pcp_id for p in (*first.providers, *second.providers)] == ["IL0", "IL1"]
    assert not second.next_page_token


@pytest.mark.parametrize(
    ("changed", "caller"),
    [({"accepting_only": True}, PRODUCER), ({"zip": "60602"}, PRODUCER), ({}, ENROLLMENT)],
)
def test_a_page_token_of_another_search_or_person_is_refused(
    contract: PcpContract, changed: dict[str, Any], caller: Caller
) -> None:
    asked: dict[str, Any] = {"plan_id": "36096IL9900001", "plan_year": 2026, "zip": "60601"}
    first = contract.search_providers(pb.SearchProvidersRequest(**asked, page=common.Page(size=1)), PRODUCER)
    page = common.Page(token=first.next_page_token)
    with pytest.raises(InvalidInput) as refused:
        contract.search_providers(pb.SearchProvidersRequest(**(asked | changed), page=page), caller)
    assert [problem.field for problem in refused.value.problems] == ["page.token"]


@pytest.mark.parametrize(
    ("page", "field"),
    [
        (common.Page(size=201), "page.size"),
        (common.Page(size=-1), "page.size"),
        (common.Page(token="nonsense"), "page.token"),
        (common.Page(token="\u00e9"), "page.token"),
    ],
)
def test_an_invalid_page_is_refused_at_its_field(contract: PcpContract, page: common.Page, field: str) -> None:
    request = pb.SearchProvidersRequest(plan_id="36096IL9900001-00", plan_year=2026, zip="60601", page=page)
    with pytest.raises(InvalidInput) as refused:
        contract.handle(contract.descriptor.methods_by_name["SearchProviders"], request, PRODUCER)
    assert [problem.field for problem in refused.value.problems] == [field]


def test_a_check_says_what_an_assignment_would_refuse_and_stores_nothing(contract: PcpContract, work: FakeWork) -> None:
    members = [
        pb.MemberChoice(member_index=0, age=40, pcp_id="IL0"),
        pb.MemberChoice(member_index=1, age=7),
        pb.MemberChoice(member_index=2, age=7, pcp_id="NOPE"),
    ]
    request = pb.CheckProvidersRequest(plan_id="36096IL9900001-00", plan_year=2026, zip="60601", members=members)
    answer: Any = contract.handle(METHODS["CheckProviders"], request, ENROLLMENT)
    assert [(one.member_index, one.pcp_id, one.auto_assigned) for one in answer.assignments] == [(1, "IL0", True)]
    assert [(one.member_index, one.field, one.rule) for one in answer.refusals] == [
        (0, "pcp_id", "R71"),
        (2, "pcp_id", "R71"),
    ]
    with pytest.raises(InvalidInput) as refused:
        contract.handle(METHODS["AssignProviders"], assign_request(*members), ENROLLMENT)
    assert [one.message for one in refused.value.problems] == [one.message for one in answer.refusals]
    assert not work.assignments.stored
    assert not work.events


def test_only_enrollment_may_check() -> None:
    assert not may_call(METHODS["CheckProviders"], PRODUCER)
    assert may_call(METHODS["CheckProviders"], ENROLLMENT)


def test_a_search_without_a_year_takes_the_newest_that_has_a_directory(contract: PcpContract) -> None:
    request = pb.SearchProvidersRequest(plan_id="36096IL9900001-00", zip="60601")
    answer = contract.search_providers(request, PRODUCER)
    assert (len(answer.providers), answer.plan_year) == (2, 2026)


def search(contract: PcpContract, **wanted: Any) -> Any:
    """Through the bounds of the contract, as a transport does."""
    asked: dict[str, Any] = {"plan_id": "36096IL9900001-00", "plan_year": 2026, "zip": "60601"} | wanted
    return contract.handle(METHODS["SearchProviders"], pb.SearchProvidersRequest(**asked), PRODUCER)


@pytest.mark.parametrize(
    ("place", "known_as"),
    [
        ("Springfield", "Springfield, IL"),  # of the plan's state
        ("springfield, il", "Springfield, IL"),
        ("Hammond, IN", "Hammond, IN"),
        ("Hammond in", "Hammond, IN"),
        ("60601", "60601"),
        ("60601-1234", "60601"),
        ("", "60601"),
    ],
)
def test_a_search_starts_at_the_place_and_says_where_it_is(contract: PcpContract, place: str, known_as: str) -> None:
    assert search(contract, place=place).place == known_as


def test_a_place_alone_is_enough(contract: PcpContract) -> None:
    assert search(contract, zip="", place="Chicago").place == "Chicago, IL"


@pytest.mark.parametrize(
    ("asked", "field"),
    [
        ({"place": "Atlantis"}, "place"),
        ({"place": "Gary"}, "place"),  # there is none in Illinois
        ({"place": "Springfield, ZZ"}, "place"),
        ({"place": "99999"}, "place"),
        ({"place": "x" * 61}, "place"),
        ({"zip": ""}, "zip"),
        ({"zip": "", "place": "  "}, "zip"),
    ],
)
def test_an_unknown_start_is_refused_at_its_field(contract: PcpContract, asked: dict[str, str], field: str) -> None:
    with pytest.raises(InvalidInput) as refused:
        search(contract, **asked)
    assert [problem.field for problem in refused.value.problems] == [field]


@pytest.mark.parametrize(
    ("wrong", "field"),
    [({"panel": "nobody"}, "panel"), ({"specialty": "Wizardry"}, "specialty"), ({"name": "x" * 101}, "name")],
)
def test_an_unknown_start_is_told_with_the_filters_that_are_wrong(
    contract: PcpContract, wrong: dict[str, str], field: str
) -> None:
    with pytest.raises(InvalidInput) as refused:
        search(contract, place="Atlantis", **wrong)
    assert {problem.field for problem in refused.value.problems} == {"place", field}


@pytest.mark.parametrize(
    ("wanted", "found"),
    [
        ({"panel": "pediatric"}, ["IL0"]),
        ({"specialty": "family MEDICINE"}, ["IL0", "IL1"]),
        ({"specialty": "Pediatrics"}, []),
        ({"language": "spanish"}, ["IL1"]),
        ({"language": " ENGLISH "}, ["IL0", "IL1"]),
        ({"language": "Klingon"}, []),
        ({"gender": pcp.GENDER_FEMALE}, ["IL1"]),
        ({"gender": pcp.GENDER_MALE}, []),
        ({"language": "English", "gender": pcp.GENDER_OTHER, "age": 7}, ["IL0"]),
        ({"language": "English", "gender": pcp.GENDER_OTHER, "age": 40}, []),
    ],
)
def test_providers_are_narrowed(contract: PcpContract, wanted: dict[str, Any], found: list[str]) -> None:
    assert [one.pcp_id for one in search(contract, **wanted).providers] == found


@pytest.mark.parametrize(
    ("wanted", "fields"),
    [
        ({"panel": "cats"}, ["panel"]),
        ({"specialty": "Surgery"}, ["specialty"]),
        ({"gender": 9}, ["gender"]),
        ({"panel": "cats", "specialty": "Surgery", "gender": 9}, ["panel", "specialty", "gender"]),
        ({"radius_miles": 501}, ["radius_miles"]),
        ({"radius_miles": -1}, ["radius_miles"]),
        ({"age": -1}, ["age"]),
        ({"language": "x" * 61}, ["language"]),
    ],
)
def test_a_filter_that_nobody_has_is_refused_at_its_field(
    contract: PcpContract, wanted: dict[str, Any], fields: list[str]
) -> None:
    with pytest.raises(InvalidInput) as refused:
        search(contract, **wanted)
    assert [one.field for one in refused.value.problems] == fields


def test_25_miles_are_searched_unless_another_distance_is_asked_for(contract: PcpContract, work: FakeWork) -> None:
    work.providers.members = [provider(f"IL{tenth_miles}") for tenth_miles in range(260)]

    def reach(**wanted: Any) -> tuple[str, int]:
        answer = search(contract, page=common.Page(size=100), **wanted)
        found = list(answer.providers)
        while answer.next_page_token:
            answer = search(contract, page=common.Page(size=100, token=answer.next_page_token), **wanted)
            found += answer.providers
        return found[-1].distance_miles, answer.radius_miles

    assert reach() == ("25.0", 25)
    assert reach(radius_miles=1) == ("1.0", 1)
    assert reach(radius_miles=0) == ("25.9", 0)


def test_where_nobody_is_near_the_answer_says_how_far_the_nearest_is(contract: PcpContract, work: FakeWork) -> None:
    work.providers.members[1:] = [provider(f"IL{number}") for number in range(1, 642)] + [
        provider("FAR", languages=("Navajo",))
    ]
    nearest = search(contract, language="Navajo")
    assert (list(nearest.providers), nearest.nearest_miles) == ([], "64.2")
    assert search(contract, language="Polish").nearest_miles == ""
    assert search(contract).nearest_miles == ""


def test_the_answer_has_what_a_list_shows_and_what_it_can_be_narrowed_to(contract: PcpContract) -> None:
    answer = search(contract)
    shown = answer.providers[1]
    assert (list(shown.languages), shown.gender, shown.last_updated_on) == (
        ["English", "Spanish"],
        pcp.GENDER_FEMALE,
        "2026-01-02",
    )
    assert (list(answer.specialties), list(answer.languages)) == (["Family Medicine"], ["English", "Spanish"])
    assert answer.directory_updated_on == "2026-01-02"
    assert (answer.count, answer.count_capped) == (2, False)


@pytest.mark.parametrize(
    ("now", "old"),
    [
        ("2026-04-02T23:09:00-05:00", False),
        ("2026-04-03T00:09:00-05:00", True),
    ],
)
def test_a_directory_of_more_than_90_days_ago_is_said_to_be_old(work: FakeWork, now: str, old: bool) -> None:
    search_providers = SearchProviders(work, FixedClock(datetime.fromisoformat(now)), CITIES)
    page = search_providers(NETWORK, "60601", ProviderFilter(), 5)
    assert page.directory_is_old is old


def test_similar_names_are_looked_for_where_nobody_has_the_name(contract: PcpContract) -> None:
    exact, similar = search(contract, name="Doctor"), search(contract, name="Doktor")
    assert (len(exact.providers), exact.names_are_similar) == (2, False)
    assert (len(similar.providers), similar.names_are_similar) == (2, True)
    nobody = search(contract, name="Somebody")
    assert (list(nobody.providers), nobody.names_are_similar) == ([], False)


def test_a_report_is_shown_in_search_and_entry_and_kept_once_for_each_person_and_fault(
    contract: PcpContract, work: FakeWork
) -> None:
    def report(fault: Any, note: str, caller: Caller = PRODUCER) -> Any:
        request = pb.ReportProviderRequest(pcp_id="IL1", fault=fault, note=note)
        return contract.handle(METHODS["ReportProvider"], request, caller)

    assert [one.reported_on for one in search(contract).providers] == ["", ""]
    assert report(pcp.ENTRY_FAULT_PHONE, "312-555-0199").reported_on == "2026-03-01"
    report(pcp.ENTRY_FAULT_PHONE, "  312-555-0142\n\x1b[2J ")
    report(pcp.ENTRY_FAULT_MOVED, "", Caller(CallerKind.DELEGATE, "delegate@example.com"))
    kept = [(one.fault.value, one.note, one.reported_by) for one in work.reports.list_reports()]
    assert kept == [("phone", "312-555-0142 [2J", "producer@example.com"), ("moved", "", "delegate@example.com")]
    assert [one.reported_on for one in search(contract).providers] == ["", "2026-03-01"]
    entry: Any = contract.handle(METHODS["GetProvider"], pb.GetProviderRequest(pcp_id="IL1"), PRODUCER)
    assert entry.provider.reported_on == "2026-03-01"
    assert all("312" not in row.summary for row in work.audit), "nothing that was typed is in the audit"


@pytest.mark.parametrize(
    ("wanted", "field"),
    [
        ({"fault": pcp.ENTRY_FAULT_OTHER, "note": " \n"}, "note"),
        ({"fault": pcp.ENTRY_FAULT_UNSPECIFIED}, "fault"),
        ({"fault": 9}, "fault"),
        ({"fault": pcp.ENTRY_FAULT_PHONE, "note": "x" * 201}, "note"),
    ],
)
def test_a_report_that_says_nothing_or_too_much_is_refused_at_its_field(
    contract: PcpContract, work: FakeWork, wanted: dict[str, Any], field: str
) -> None:
    with pytest.raises(InvalidInput) as refused:
        contract.handle(METHODS["ReportProvider"], pb.ReportProviderRequest(pcp_id="IL1", **wanted), PRODUCER)
    assert [one.field for one in refused.value.problems] == [field]
    assert not work.reports.kept


@pytest.mark.parametrize(
    ("state", "now", "day"),
    [
        pytest.param("IL", "2026-11-28T23:09:00-06:00", date(2026, 11, 28), id="late in the evening in Illinois"),
        pytest.param("IL", "2026-11-29T00:09:00-06:00", date(2026, 11, 29), id="past midnight in Illinois"),
        pytest.param("MT", "2026-11-29T00:09:00-06:00", date(2026, 11, 28), id="the same hour in Montana"),
        pytest.param("IN", "2026-11-28T23:09:00-06:00", date(2026, 11, 28), id="an office across the border"),
    ],
)
def test_a_report_is_of_the_day_in_the_state_of_the_office(state: str, now: str, day: date) -> None:
    listed = provider("IL1")
    work = FakeWork([replace(listed, office=replace(listed.office, state=state))])
    report = ReportProvider(work, FixedClock(datetime.fromisoformat(now)))
    assert report(EntryRemark("IL1", EntryFault.MOVED, ""), "producer@example.com") == day
    assert [one.reported_on for one in work.reports.list_reports()] == [day]


def test_a_report_about_nobody_is_refused(contract: PcpContract) -> None:
    request = pb.ReportProviderRequest(pcp_id="IL77", fault=pcp.ENTRY_FAULT_MOVED)
    with pytest.raises(NotFound):
        contract.handle(METHODS["ReportProvider"], request, PRODUCER)


@pytest.mark.parametrize(("reported_on", "shown"), [("2026-01-01", ""), ("2026-01-02", "2026-01-02")])
def test_a_report_is_over_once_the_carrier_updates_the_entry(
    contract: PcpContract, work: FakeWork, reported_on: str, shown: str
) -> None:
    work.reports.save_report(EntryReport("IL1", EntryFault.MOVED, "", "ann", date.fromisoformat(reported_on)))
    assert search(contract).providers[1].reported_on == shown
