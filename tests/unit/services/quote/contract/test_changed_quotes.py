"""Quotes whose people, place or date are corrected, and quotes that are put away."""

from __future__ import annotations

from datetime import date
from typing import Any

import pytest
from suite.common.v1 import common_pb2 as common
from suite.quote.v1 import quote_pb2

from chassis.kernel import Conflict, FixedClock, Forbidden, InvalidInput, NotFound, Stale
from services.quote.contract.service import QuoteContract
from services.quote.domain import quoted_premium
from services.quote.domain.events import QuoteUpdated
from services.quote.usecases import select_plans
from tests.unit.services.quote.contract.test_quote_records import (
    DENTAL,
    ENROLLMENT,
    HMO,
    NEW,
    PRODUCER,
    STRANGER,
    answer,
    create,
    read,
    select,
)

FACTS = {name: NEW[name] for name in ("zip", "county_fips", "effective_date", "members")}
SPOUSE = quote_pb2.Member(relationship=common.RELATIONSHIP_SPOUSE, date_of_birth="1988-02-10")


def update(contract: QuoteContract, quote: Any, caller: Any = PRODUCER, **fields: Any) -> Any:
    return answer(
        contract, "UpdateQuote", caller, **{**FACTS, "quote_id": quote.quote_id, "version": quote.version, **fields}
    )


def test_an_added_spouse_is_priced_and_the_plans_stay(contract: QuoteContract, memory: Any) -> None:
    quote = select(contract, create(contract).quote_id, medical_plan_id=HMO, dental_plan_id=DENTAL)
    changed = update(contract, quote, members=[*NEW["members"], SPOUSE])
    assert [m.relationship for m in changed.quote.members] == [common.RELATIONSHIP_SELF, common.RELATIONSHIP_SPOUSE]
    assert changed.quote.medical.plan.plan_id == HMO and len(changed.quote.medical.members) == 2
    assert changed.quote.version == quote.version + 1 and not changed.quote.HasField("premium_changed")
    assert [change.plan_id for change in changed.changes] == [HMO, DENTAL]
    medical = changed.changes[0]
    assert medical.old_monthly_premium == quote.medical.monthly_premium
    assert medical.new_monthly_premium == changed.quote.medical.monthly_premium
    assert medical.new_monthly_premium.cents > medical.old_monthly_premium.cents
    assert read(contract, quote.quote_id) == changed.quote
    assert memory.events[-1] == QuoteUpdated(quote.quote_id, "IL", "220002580", date(2026, 6, 1), 2)
    assert memory.audit[-1].action == "quote.updated"


def test_a_plan_that_is_not_sold_in_the_new_county_leaves_the_choice_and_says_why(contract: QuoteContract) -> None:
    quote = select(contract, create(contract).quote_id, medical_plan_id=HMO)
    changed = update(contract, quote, zip="60515", county_fips="17043")
    assert changed.quote.county.name.startswith("DuPage") and not changed.quote.HasField("medical")
    assert changed.quote.status == quote_pb2.QUOTE_STATUS_OPEN
    [change] = changed.changes
    assert change.plan_id == HMO and change.reason and not change.HasField("new_monthly_premium")


@pytest.mark.parametrize("version", [2, 7])
def test_a_version_that_was_not_read_changes_nothing(contract: QuoteContract, version: int) -> None:
    quote = create(contract)
    with pytest.raises(Stale):
        update(contract, quote, version=version, effective_date="2026-07-01")
    assert read(contract, quote.quote_id) == quote


def test_a_change_whose_answer_was_lost_is_answered_again(contract: QuoteContract, memory: Any) -> None:
    quote = select(contract, create(contract).quote_id, medical_plan_id=HMO)
    first, told = update(contract, quote, effective_date="2026-07-01"), len(memory.events)
    again = update(contract, quote, effective_date="2026-07-01")
    assert again.quote == first.quote and not again.changes
    assert len(memory.events) == told
    with pytest.raises(Stale):
        update(contract, quote, effective_date="2026-08-01")


def test_a_change_back_to_what_it_was_two_saves_ago_is_no_repeat(contract: QuoteContract) -> None:
    quote = create(contract)
    later = update(contract, quote, effective_date="2026-07-01").quote
    update(contract, later)
    with pytest.raises(Stale):
        update(contract, quote)


def test_without_a_version_the_change_is_refused_at_that_field(contract: QuoteContract) -> None:
    with pytest.raises(InvalidInput) as refusal:
        update(contract, create(contract), version=0)
    assert [problem.field for problem in refusal.value.problems] == ["version"]


def test_only_people_of_the_writing_number_change_a_quote(contract: QuoteContract) -> None:
    quote = create(contract)
    with pytest.raises(NotFound):
        update(contract, quote, STRANGER)
    with pytest.raises((Forbidden, NotFound)):
        update(contract, quote, ENROLLMENT)
    with pytest.raises((Forbidden, NotFound)):
        answer(contract, "ArchiveQuote", ENROLLMENT, quote_id=quote.quote_id)


def test_an_expired_quote_is_not_changed(contract: QuoteContract, clock: FixedClock) -> None:
    quote = create(contract)
    clock.set(FixedClock.at("2027-01-02").now())
    with pytest.raises(Conflict):
        update(contract, quote)


def test_a_place_in_another_state_is_refused(contract: QuoteContract) -> None:
    with pytest.raises(InvalidInput):
        update(contract, create(contract), zip="75201", county_fips="48113")


def test_plans_that_were_priced_for_other_people_are_not_saved(
    contract: QuoteContract, monkeypatch: pytest.MonkeyPatch
) -> None:
    quote = create(contract)
    first_look = [True]

    def quote_premiums(*asked: Any) -> Any:
        if first_look:
            first_look.clear()
            update(contract, quote, members=[*NEW["members"], SPOUSE])
        return quoted_premium.quote_premiums(*asked)

    monkeypatch.setattr(select_plans, "quote_premiums", quote_premiums)
    with pytest.raises(Stale):
        select(contract, quote.quote_id, medical_plan_id=HMO)


def test_a_quote_that_is_put_away_is_marked_and_comes_back(contract: QuoteContract, memory: Any) -> None:
    quote = create(contract)
    away = answer(contract, "ArchiveQuote", quote_id=quote.quote_id).quote
    assert away.archived and read(contract, quote.quote_id).archived
    assert answer(contract, "ArchiveQuote", quote_id=quote.quote_id).quote == away
    assert not answer(contract, "RestoreQuote", quote_id=quote.quote_id).quote.archived
    assert [row.action for row in memory.audit] == ["quote.created", "quote.archived", "quote.restored"]


def test_a_list_says_how_many_there_are_and_which_are_alike(contract: QuoteContract) -> None:
    create(contract)
    create(contract, idempotency_key="another-key", effective_date="2026-07-01")
    found = answer(contract, "ListQuotes")
    assert found.total_count == 2
    assert [quote.duplicate_count for quote in found.quotes] == [1, 1]


def notices(contract: QuoteContract, *members: quote_pb2.Member, day: str = "2026-06-01") -> list[tuple[str, str]]:
    quote = create(contract, members=[*NEW["members"], *members], effective_date=day)
    return [(notice.field, notice.message) for notice in quote.notices]


def member(relationship: common.Relationship.ValueType, born: str, **fields: Any) -> quote_pb2.Member:
    made: type[quote_pb2.Member] = quote_pb2.Member
    return made(relationship=relationship, date_of_birth=born, **fields)


CHILD, OTHER = common.RELATIONSHIP_CHILD, common.RELATIONSHIP_OTHER_DEPENDENT


@pytest.mark.parametrize(
    ("person", "words"),
    [
        (member(CHILD, "1984-01-01", disabled_dependent=True, first_name="Ben"), "Ben, a child, is older than"),
        (member(CHILD, "1994-01-01", disabled_dependent=True), "Person 2, a child, is less than 12 years younger"),
        (member(OTHER, "1990-01-01"), "Person 2 is 36 on 6/1/2026 and listed as another dependent."),
        (member(common.RELATIONSHIP_SPOUSE, "2009-01-01"), "Person 2, who is married, is 17 on 6/1/2026."),
    ],
)
def test_an_unlikely_person_is_quoted_with_a_notice(
    contract: QuoteContract, person: quote_pb2.Member, words: str
) -> None:
    [(field, message)] = notices(contract, person)
    assert field == "members[1].date_of_birth" and message.startswith(words)


@pytest.mark.parametrize(
    ("day", "words"),
    [("2026-01-01", "Coverage from 1/1/2026 would begin in the past."), ("2026-06-13", "6/13/2026 is not the first")],
)
def test_an_unusual_date_is_quoted_with_a_notice(contract: QuoteContract, day: str, words: str) -> None:
    [(field, message)] = notices(contract, day=day)
    assert field == "effective_date" and message.startswith(words)


def test_an_ordinary_household_has_no_notice(contract: QuoteContract) -> None:
    assert notices(contract, SPOUSE, member(CHILD, "2010-01-01"), member(OTHER, "2010-01-02")) == []
