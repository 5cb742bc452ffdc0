"""Clients on PostgreSQL: known once, found by blind tokens, never by another producer."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from datetime import date
from typing import Any

import pytest
from sqlalchemy import event, select, text

from services.enrollment.domain.client import ClientProfile
from services.enrollment.domain.steps import Contact
from services.enrollment.store.tables import ClientRow, PersonRow
from tests.integration.services.enrollment.client_harness import (
    ADA,
    CAL,
    FRITZ,
    OTHER,
    ClientHarness,
    caller,
    quoted,
)
from tests.stored_values import lost_fields, with_new_field

MADE: dict[Any, Any] = {"Address.state": lambda _: "IL", "ssn_last_four": lambda number: f"{number:04d}"}


def test_a_person_of_a_producer_is_one_client_however_the_name_is_typed(harness: ClientHarness) -> None:
    first, unknown = harness.hear(quoted())
    assert unknown
    assert harness.hear(quoted(" ZOE ", "sample"), "q-2") == (first, False)
    assert harness.hear(quoted("Ann"), "q-3")[1]
    assert harness.hear(quoted(number="990000001"), "q-4")[1]
    assert harness.hear(quoted(), "q-2") == (first, False)
    [client] = harness.search("zoe")
    assert (client.client_id, client.quotes) == (first, 2)


def test_of_two_quotes_at_once_one_makes_the_client(harness: ClientHarness) -> None:
    with ThreadPoolExecutor(4) as pool:
        made = list(pool.map(lambda n: harness.hear(quoted(), f"q-{n}"), range(4)))
    assert len({client_id for client_id, _ in made}) == 1
    assert sum(unknown for _, unknown in made) == 1


def test_a_client_is_found_by_each_and_all_of_the_four_ways(harness: ClientHarness) -> None:
    harness.apply(ADA, CAL)
    harness.apply(ADA)
    harness.hear(quoted("Ada"), "q-1")
    born = date(1987, 6, 14)
    for ways in ({"name": "samp ada"}, {"born": born}, {"phone": "(312) 555 0142"}, {"last_four": "4399"}):
        [client] = harness.search(**ways)
        assert (client.profile.first_name, client.profile.home_address.street) == ("Ada", "200 E Randolph St")
        assert (client.quotes, client.drafts, client.submissions) == (1, 2, 0)
    assert len(harness.search("ad", born, "312.555.0142", "4399")) == 1
    assert not harness.search("ad", born, "312.555.0142", "4390")
    assert not harness.search("Cal"), "a dependent is no client"


def test_a_producer_never_finds_another_producers_client_even_when_both_have_the_same_person(
    harness: ClientHarness,
) -> None:
    harness.apply(ADA)
    stranger = caller(OTHER)
    assert not harness.search("ada", by=stranger)
    assert not harness.search(last_four="4399", by=stranger)
    harness.apply(ADA, producer=OTHER)
    [client] = harness.search(last_four="4399", by=stranger)
    assert (client.profile.writing_number, client.drafts) == (OTHER.writing_number, 1)
    [both] = harness.search("ada", by=caller(FRITZ, OTHER))
    assert both.drafts == 2, "the control: who may act for both sees both"


def test_equal_values_of_two_producers_do_not_look_equal_in_the_database(harness: ClientHarness) -> None:
    harness.apply(ADA)
    harness.apply(ADA, producer=OTHER)
    with harness.transactions() as work:
        tokens = [set(row) for row in work.session.scalars(select(ClientRow.tokens))]
        people = list(work.session.scalars(select(PersonRow.person_index)))
        phones = list(work.session.scalars(text("select phone_index from application")))
    assert len(tokens) == 2 and not tokens[0] & tokens[1]
    assert len(set(people)) == len(set(phones)) == 2


def test_a_corrected_name_leaves_no_client_behind_unless_a_quote_knows_it(harness: ClientHarness) -> None:
    app = harness.apply(replace(ADA, first_name="Adda"))
    app = harness.save(app, replace(ADA, first_name="Ada"))
    assert [client.profile.first_name for client in harness.search("sample")] == ["Ada"]
    harness.hear(quoted("Ada"))
    harness.save(app, replace(ADA, first_name="Eve"))
    assert [client.profile.first_name for client in harness.search("sample")] == ["Ada", "Eve"]


def test_a_client_keeps_what_a_later_application_leaves_out(harness: ClientHarness) -> None:
    harness.apply(ADA)
    harness.apply(replace(ADA, ssn=""), contact=Contact())
    [client] = harness.search(phone="3125550142", last_four="4399")
    assert client.drafts == 2


def test_a_number_that_was_removed_finds_nobody_any_more(harness: ClientHarness) -> None:
    app = harness.apply(ADA)
    [client] = harness.search(last_four="4399")
    app = harness.save(app, replace(ADA, ssn="", removes_ssn=True))
    assert not harness.search(last_four="4399")
    [left] = harness.search("ada", ADA.date_of_birth, "3125550142")
    assert (left.client_id, left.profile.ssn_last_four) == (client.client_id, "")
    harness.save(app, ADA)
    assert harness.search(last_four="4399"), "the control: given again, it is found again"


def test_a_removed_number_is_found_while_another_application_of_the_person_has_it(harness: ClientHarness) -> None:
    one, other = harness.apply(ADA), harness.apply(ADA)
    removed = replace(ADA, ssn="", removes_ssn=True)
    harness.save(one, removed)
    assert [client.drafts for client in harness.search(last_four="4399")] == [2]
    harness.save(other, removed)
    assert not harness.search(last_four="4399")


def test_a_removed_number_leaves_the_one_that_another_application_has(harness: ClientHarness) -> None:
    harness.apply(replace(ADA, ssn="536904398"))
    app = harness.apply(ADA)
    harness.save(app, replace(ADA, ssn="", removes_ssn=True))
    assert not harness.search(last_four="4399")
    assert harness.search(last_four="4398")


def test_a_number_does_not_stay_with_the_name_that_was_corrected(harness: ClientHarness) -> None:
    harness.hear(quoted("Adda"))
    app = harness.apply(replace(ADA, first_name="Adda"))
    harness.save(app, ADA)
    assert [client.profile.first_name for client in harness.search(last_four="4399")] == ["Ada"]


def test_however_many_writing_numbers_somebody_has_all_are_searched_in_one_order(harness: ClientHarness) -> None:
    numbers = [f"{n:09d}" for n in range(1, 121)]
    for place, first in ((0, "Zoe"), (60, "Ann"), (119, "Mia")):
        harness.hear(quoted(first, number=numbers[place]), f"q-{place}")
    everybody = caller(*(replace(FRITZ, writing_number=number) for number in numbers))
    assert [client.profile.first_name for client in harness.search("sample", by=everybody)] == ["Ann", "Mia", "Zoe"]


@pytest.mark.parametrize("numbers", [1, 50])
def test_a_search_reads_the_index_of_tokens_once_for_each_writing_number(harness: ClientHarness, numbers: int) -> None:
    with harness.transactions() as work:
        work.session.execute(text(_MANY))
        work.session.execute(text("analyze client"))
    producers = [replace(FRITZ, writing_number=f"w{n}") for n in range(numbers)]
    asked: list[tuple[str, dict[str, object]]] = []

    def remember(_c: object, _k: object, statement: str, parameters: dict[str, object], *_: object) -> None:
        asked.append((statement, parameters))

    event.listen(harness.database.engine, "before_cursor_execute", remember)
    harness.search("ada", date(1987, 6, 14), by=caller(*producers))
    event.remove(harness.database.engine, "before_cursor_execute", remember)
    [(statement, parameters)] = [one for one in asked if "client.tokens @>" in one[0]]
    with harness.database.engine.connect() as connection:
        plan = "\n".join(row[0] for row in connection.exec_driver_sql(f"explain {statement}", parameters))
    assert "Bitmap Index Scan on client_tokens" in plan and "Seq Scan on client" not in plan, plan


_MANY = """
insert into client (client_id, writing_number, person_index, first_name, middle_initial, last_name, date_of_birth,
    home_address, contact, ssn_last_four, tokens, created_at, updated_at)
select 'c' || n, 'w' || n % 100, 'p' || n, 'Ada', '', 'Sample', '1987-06-14', '{}', '{}', '',
    array[n % 100, 100 + n % 1000], now(), now()
from generate_series(1, 20000) n
"""


def test_every_field_of_a_client_comes_back(harness: ClientHarness) -> None:
    def keep(sent: ClientProfile) -> ClientProfile:
        client_id, _ = harness.hear(sent)
        with harness.transactions() as work:
            found = work.clients.get(client_id)
        assert found
        return found.profile

    assert lost_fields(ClientProfile, keep, MADE) == set()
    assert lost_fields(with_new_field(ClientProfile), keep, MADE) == {"ClientProfile.of_tomorrow"}, "the control"
