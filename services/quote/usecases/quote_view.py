"""What a reader sees of a quote: its prices are those of the catalogue as it is now."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import datetime

from chassis.kernel import DomainError, business_date
from services.quote.domain.catalogue import Catalogue
from services.quote.domain.quote import Quote, QuoteStatus
from services.quote.domain.situation import Choice, Situation

NOTHING_CHOSEN = Choice(None, None)


@dataclass(frozen=True, slots=True)
class QuoteView:
    quote: Quote
    status: QuoteStatus
    situation: Situation
    choice: Choice


def view(quote: Quote, catalogue: Catalogue, now: datetime) -> QuoteView:
    """A choice whose plans are not sold or not filed any more counts as not made, so that people choose again."""
    situation = situation_of(quote, catalogue)
    choice = _choice(quote, situation, catalogue)
    if choice is None:
        quote, choice = replace(quote, selection=None), NOTHING_CHOSEN
    return QuoteView(quote, quote.status_on(business_date(now, quote.state)), situation, choice)


def situation_of(quote: Quote, catalogue: Catalogue) -> Situation:
    """The household was checked when the quote was made."""
    place = catalogue.geography.saved_place(quote.zip, quote.county_fips, quote.effective_date.year)
    return Situation(place, quote.effective_date, quote.household)


def _choice(quote: Quote, situation: Situation, catalogue: Catalogue) -> Choice | None:
    if quote.selection is None:
        return NOTHING_CHOSEN
    try:
        return situation.choose(quote.selection.medical or "", quote.selection.dental or "", catalogue)
    except DomainError:
        return None
