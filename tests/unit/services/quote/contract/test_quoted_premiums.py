"""A quote shows the premiums of the day on which its plans were chosen, and says when they changed."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest

from chassis.kernel import NotReady
from services.quote.contract.service import QuoteContract
from services.quote.domain.plan import CatalogueKind
from tests.unit.services.quote.contract.conftest import Catalogues, table
from tests.unit.services.quote.contract.test_quote_offers import KEY, ask, opened, shared
from tests.unit.services.quote.contract.test_quote_records import DENTAL, HMO, create, select

# Ann is 40, so that the adult rates count: 300 for the HMO, 30 for the dental plan.
OLD, NEW = 330_00, 341_01


@pytest.fixture
def chosen(contract: QuoteContract) -> Any:
    return select(contract, create(contract).quote_id, medical_plan_id=HMO, dental_plan_id=DENTAL)


@pytest.fixture
def dearer(chosen: Any, catalogues: Catalogues) -> Any:
    """A quote whose medical plan costs more since it was chosen."""
    catalogues.rates[HMO[:14]] = table(100_00, 311_01, 450_00)
    return chosen


def read(contract: QuoteContract, quote_id: str) -> Any:
    return ask(contract, "GetQuote", quote_id=quote_id).quote


def test_a_choice_keeps_its_lines_and_where_they_are_from(chosen: Any, memory: Any) -> None:
    medical, dental = memory.kept[chosen.quote_id].quoted_premiums
    assert (medical.plan_id, medical.total.cents, dental.plan_id, dental.total.cents) == (HMO, 300_00, DENTAL, 30_00)
    assert medical.catalogue_version == "catalogue 1"
    (line,) = medical.lines
    assert (line.age, line.rating_area, line.source.value, line.tobacco_rated) == (40, 1, "illustrative", False)
    assert line.explanation.startswith("Age 40 on the effective date, rating area 1: illustrative rate")


def test_an_unchanged_premium_is_not_reported_as_changed(contract: QuoteContract, chosen: Any) -> None:
    assert not chosen.HasField("premium_changed")
    assert read(contract, chosen.quote_id) == chosen


def test_a_quote_shows_the_quoted_premium_and_that_it_changed(contract: QuoteContract, dearer: Any) -> None:
    quote = read(contract, dearer.quote_id)
    assert (quote.medical, quote.monthly_premium.cents) == (dearer.medical, OLD)
    assert quote.premium_changed.old_monthly_premium.cents == OLD
    assert quote.premium_changed.new_monthly_premium.cents == NEW
    assert "Choose them again" in quote.premium_changed.reason


def test_a_quote_that_was_chosen_before_premiums_were_kept_shows_todays(
    contract: QuoteContract, dearer: Any, memory: Any
) -> None:
    memory.kept[dearer.quote_id] = replace(memory.kept[dearer.quote_id], quoted_premiums=())
    quote = read(contract, dearer.quote_id)
    assert (quote.monthly_premium.cents, quote.HasField("premium_changed")) == (NEW, False)


def test_choosing_again_takes_the_new_premium(contract: QuoteContract, dearer: Any) -> None:
    quote = select(contract, dearer.quote_id, medical_plan_id=HMO, dental_plan_id=DENTAL)
    assert quote.monthly_premium.cents == NEW
    assert not read(contract, dearer.quote_id).HasField("premium_changed")


def test_a_copy_and_a_requote_take_the_new_premium(contract: QuoteContract, dearer: Any) -> None:
    copy = ask(contract, "CopyQuote", idempotency_key=KEY, quote_id=dearer.quote_id).quote
    assert (copy.monthly_premium.cents, copy.HasField("premium_changed")) == (NEW, False)

    answer = ask(contract, "Requote", idempotency_key=KEY, quote_id=dearer.quote_id, effective_date="2026-07-01")

    assert (answer.quote.monthly_premium.cents, answer.quote.HasField("premium_changed")) == (NEW, False)
    change = answer.changes[0]
    assert (change.old_monthly_premium.cents, change.new_monthly_premium.cents) == (300_00, 311_01)
    assert read(contract, dearer.quote_id).monthly_premium.cents == OLD


def test_plans_that_cannot_be_had_leave_what_they_cost_and_why(
    contract: QuoteContract, chosen: Any, catalogues: Catalogues
) -> None:
    catalogues.withdraw(HMO)
    quote = read(contract, chosen.quote_id)
    assert not quote.HasField("medical") and not quote.HasField("monthly_premium")
    assert quote.premium_changed.old_monthly_premium.cents == OLD
    assert not quote.premium_changed.HasField("new_monthly_premium")
    assert "not offered" in quote.premium_changed.reason
    copy = ask(contract, "CopyQuote", idempotency_key=KEY, quote_id=chosen.quote_id).quote
    assert not copy.HasField("medical") and not copy.HasField("premium_changed")


def test_a_made_up_choice_is_told_that_filed_plans_took_its_place(
    contract: QuoteContract, chosen: Any, catalogues: Catalogues
) -> None:
    first = catalogues.offerings[0]
    filed = replace(first.plan, plan_id="36096IL0010001-00", catalogue=CatalogueKind.CMS_FILED)
    catalogues.offerings.append(replace(first, plan=filed))
    assert "replaced by filed plans" in read(contract, chosen.quote_id).premium_changed.reason


def test_a_proposal_is_refused_when_the_premium_has_changed(contract: QuoteContract, dearer: Any) -> None:
    with pytest.raises(NotReady) as refused:
        ask(contract, "GetProposal", quote_id=dearer.quote_id)
    assert refused.value.code == "premium_changed"


def test_a_shared_quote_says_that_its_premium_changed(contract: QuoteContract, dearer: Any) -> None:
    quote = opened(contract, shared(contract, dearer.quote_id))
    assert (quote.monthly_premium.cents, quote.premium_changed.new_monthly_premium.cents) == (OLD, NEW)
