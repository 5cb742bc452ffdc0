"""What a reader sees of a quote: the premiums of the day on which its plans were chosen, and whether they changed."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import datetime

from chassis.kernel import DomainError, Money, business_date
from services.quote.domain.catalogue import Catalogue
from services.quote.domain.promise import PremiumChanged, as_promised, premium_changed
from services.quote.domain.quote import Quote, QuoteStatus
from services.quote.domain.situation import Choice, Situation

NOTHING_CHOSEN = Choice(None, None)


@dataclass(frozen=True, slots=True)
class QuoteView:
    quote: Quote
    status: QuoteStatus
    situation: Situation
    choice: Choice
    changed: PremiumChanged | None = None


def view(quote: Quote, catalogue: Catalogue, now: datetime) -> QuoteView:
    """A choice whose plans are not sold or not filed any more counts as not made, so that people choose again."""
    situation = situation_of(quote, catalogue)
    choice, changed = _choice(quote, situation, catalogue)
    if not choice.plans:
        quote = replace(quote, selection=None)
    return QuoteView(quote, quote.status_on(business_date(now, quote.state)), situation, choice, changed)


def situation_of(quote: Quote, catalogue: Catalogue) -> Situation:
    """The household was checked when the quote was made."""
    place = catalogue.geography.saved_place(quote.zip, quote.county_fips, quote.effective_date.year)
    return Situation(place, quote.effective_date, quote.household)


def price_again(quote: Quote, situation: Situation, catalogue: Catalogue) -> Choice:
    """The plans of the quote at today's rates; raises DomainError when they cannot be had any more."""
    if quote.selection is None:
        return NOTHING_CHOSEN
    return situation.choose(quote.selection.medical or "", quote.selection.dental or "", catalogue)


def _choice(quote: Quote, situation: Situation, catalogue: Catalogue) -> tuple[Choice, PremiumChanged | None]:
    promised = Money.total(promise.total for promise in quote.promises)
    try:
        today = price_again(quote, situation, catalogue)
    except DomainError as refusal:
        reason = refusal.problems[0].message if refusal.problems else refusal.message
        return NOTHING_CHOSEN, premium_changed(promised, None, reason) if quote.promises else None
    choice = as_promised(today, quote.promises)
    return choice, premium_changed(choice.total, today.total)
