"""Quotes and applications make a client known, and a search finds the client."""

from dataclasses import replace
from typing import Any

import pytest
from suite.common.v1 import common_pb2 as common
from suite.enrollment.v1 import enrollment_service_pb2 as service
from suite.enrollment.v1 import steps_pb2 as pb

from chassis.kernel import Caller, CallerKind, InvalidInput, Unavailable, WritingNumber
from services.enrollment.domain.events import ClientCreated
from services.enrollment.domain.steps import Address
from services.enrollment.events.outgoing import event_to_proto
from tests.unit.services.enrollment import samples
from tests.unit.services.enrollment.harness import EnrollmentHarness

STRANGER = Caller(CallerKind.PRODUCER, "other@example.com", (WritingNumber("990000001", "IL", "OTHER", "OTHER"),))


def quoted(first: str = "Ada", last: str = "Sample") -> Any:
    quote = samples.quote()
    members = (*quote.members[:-1], replace(quote.members[-1], first_name=first, last_name=last))
    return replace(quote, members=members)


def search(harness: EnrollmentHarness, caller: Any = None, **wanted: Any) -> list[Any]:
    request = service.SearchClientsRequest(**wanted)
    return list(harness.call("SearchClients", request, *([caller] if caller else [])).clients)


def applied(harness: EnrollmentHarness, **person: Any) -> Any:
    """A draft with Ada Sample as its applicant."""
    app = harness.start()
    household = samples.household()
    for name, value in person.items():
        setattr(household.people[0], name, value)
    return harness.save(app, household=household)


def test_a_quote_makes_its_primary_applicant_known_once(harness: EnrollmentHarness) -> None:
    harness.quotes.saved = quoted()
    for message in ("m-1", "m-1", "m-2"):
        harness.on_quote_created("enrollment.quote", message, "q-1")
    assert [type(event) for event in harness.work.events] == [ClientCreated]
    [client] = search(harness, name="ada")
    assert (client.first_name, client.home_address.zip, client.quotes) == ("Ada", "60601", 1)
    event = event_to_proto(harness.work.events[0])
    assert "Ada" not in str(event.message) and "1987" not in str(event.message)


def test_a_quote_without_names_makes_nobody_known(harness: EnrollmentHarness) -> None:
    harness.quotes.saved = quoted("Ada", "")
    harness.on_quote_created("enrollment.quote", "m-1", "q-1")
    assert not harness.state.clients and not harness.work.events
    assert ("enrollment.quote", "m-1") in harness.work.inbox


def test_while_quote_is_away_the_message_stays_to_be_heard(
    harness: EnrollmentHarness, monkeypatch: pytest.MonkeyPatch
) -> None:
    def away(_quote_id: str) -> None:
        raise Unavailable("away")

    monkeypatch.setattr(harness.quotes, "quote", away)
    with pytest.raises(Unavailable):
        harness.on_quote_created("enrollment.quote", "m-1", "q-1")
    assert not harness.work.inbox


def test_an_application_makes_its_applicant_known_with_what_prefills_the_next_one(harness: EnrollmentHarness) -> None:
    app = applied(harness, ssn="536-90-4399", middle_initial="M")
    [client] = search(harness, name="sam ad")
    assert (client.first_name, client.middle_initial, client.ssn_last_four) == ("Ada", "M", "4399")
    assert (client.home_address.street, client.contact.phone) == ("200 E Randolph St", "312-555-0142")
    assert (client.quotes, client.drafts, client.submissions) == (0, 1, 0)
    [created] = [event for event in harness.work.events if isinstance(event, ClientCreated)]
    assert (created.record_number, created.quote_id) == (app.record_number, "")


def test_a_person_who_was_quoted_and_then_applies_is_one_client(harness: EnrollmentHarness) -> None:
    harness.quotes.saved = quoted("ADA")
    harness.on_quote_created("enrollment.quote", "m-1", "q-1")
    applied(harness)
    [client] = search(harness, name="ada")
    assert (client.quotes, client.drafts, client.home_address.street) == (1, 1, "200 E Randolph St")


def test_a_later_quote_does_not_take_the_street_phone_or_last_four_away(harness: EnrollmentHarness) -> None:
    applied(harness, ssn="536-90-4399")
    harness.quotes.saved = quoted()
    harness.on_quote_created("enrollment.quote", "m-1", "q-1")
    [client] = search(harness, phone="3125550142", ssn_last_four="4399")
    assert (client.home_address.street, client.quotes) == ("200 E Randolph St", 1)


def test_a_mistyped_name_is_forgotten_once_it_is_corrected(harness: EnrollmentHarness) -> None:
    app = applied(harness, first_name="Adda")
    household = samples.household()
    household.people[0].first_name = "Adah"
    household.people[0].last_name = "Sample"
    harness.save(harness.get(app), household=household)
    assert [client.first_name for client in search(harness, name="sample")] == ["Adah"]


def test_a_corrected_name_stays_known_where_a_quote_has_it(harness: EnrollmentHarness) -> None:
    harness.quotes.saved = quoted()
    harness.on_quote_created("enrollment.quote", "m-1", "q-1")
    app = applied(harness)
    household = samples.household()
    household.people[0].first_name = "Adah"
    harness.save(harness.get(app), household=household)
    assert sorted(client.first_name for client in search(harness, name="sample")) == ["Ada", "Adah"]


@pytest.mark.parametrize(
    ("wanted", "found"),
    [
        ({"name": "ad"}, True),
        ({"name": "SAMPLE, Ada"}, True),
        ({"name": "da"}, False),
        ({"date_of_birth": "1987-06-14"}, True),
        ({"date_of_birth": "1987-06-15"}, False),
        ({"phone": "+1 (312) 555.0142"}, True),
        ({"phone": "3125550143"}, False),
        ({"ssn_last_four": "4399"}, True),
        ({"ssn_last_four": "5369"}, False),
        ({"name": "ada", "date_of_birth": "1987-06-14", "phone": "3125550142", "ssn_last_four": "4399"}, True),
        ({"name": "ada", "ssn_last_four": "4398"}, False),
    ],
)
def test_everything_that_is_searched_for_has_to_apply(
    harness: EnrollmentHarness, wanted: dict[str, str], found: bool
) -> None:
    applied(harness, ssn="536-90-4399")
    assert bool(search(harness, **wanted)) is found
    assert not search(harness, STRANGER, **wanted)


def test_a_client_under_two_writing_numbers_of_a_producer_is_found_once(harness: EnrollmentHarness) -> None:
    applied(harness)
    second = replace(quoted(), producer=replace(samples.quote().producer, writing_number="990000001"))
    harness.quotes.saved = second
    harness.on_quote_created("enrollment.quote", "m-1", "q-9")
    both = replace(STRANGER, writing_numbers=(*samples.PRODUCER.writing_numbers, *STRANGER.writing_numbers))
    [client] = search(harness, both, name="ada")
    assert (client.quotes, client.drafts) == (1, 1)


@pytest.mark.parametrize(
    ("wanted", "field"),
    [
        ({}, "name"),
        ({"name": " a "}, "name"),
        ({"name": "%%"}, "name"),
        ({"name": "a" * 101}, "name"),
        ({"date_of_birth": "14.6.1987"}, "date_of_birth"),
        ({"phone": "5550142"}, "phone"),
        ({"ssn_last_four": "536904399"}, "ssn_last_four"),
    ],
)
def test_a_search_for_too_little_or_for_nonsense_is_refused_without_repeating_it(
    harness: EnrollmentHarness, wanted: dict[str, str], field: str
) -> None:
    with pytest.raises(InvalidInput) as refused:
        search(harness, **wanted)
    assert [problem.field for problem in refused.value.problems] == [field]
    assert not any(value.strip() in str(refused.value.problems) for value in wanted.values() if len(value) > 3)


def suggest(harness: EnrollmentHarness, text: str) -> list[Any]:
    return list(harness.call("SearchAddresses", service.SearchAddressesRequest(text=text)).suggestions)


def test_an_address_gets_its_county_where_the_zip_leaves_no_choice(harness: EnrollmentHarness) -> None:
    harness.addresses = [
        Address("1 E Main St", city="Chicago", state="IL", zip="60601"),
        Address("2 E Main St", city="Barrington", state="IL", zip="60010"),
    ]
    one, several = suggest(harness, "main")
    assert (one.address.county_fips, one.address.county_name) == ("17031", "Cook")
    assert several.address.county_fips == ""
    assert [county.name for county in several.counties] == ["Cook", "Lake"]


@pytest.mark.parametrize("text", ["x", " y ", "z" * 201])
def test_too_little_or_too_much_of_an_address_is_refused(harness: EnrollmentHarness, text: str) -> None:
    with pytest.raises(InvalidInput):
        suggest(harness, text)


def test_a_household_without_birth_date_makes_nobody_known(harness: EnrollmentHarness) -> None:
    app = harness.start()
    person = pb.Person(relationship=common.RELATIONSHIP_SELF, first_name="Ada", last_name="Sample")
    harness.save(app, household=pb.HouseholdStep(people=[person]))
    assert not harness.state.clients
