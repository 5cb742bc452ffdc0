"""What a reader sees of a quote: the premiums of the day on which its plans were chosen, and whether they changed."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import datetime

from chassis.kernel import DomainError, Money, business_date
from services.quote.domain.catalogue import Catalogue
from services.quote.domain.quote import Quote, QuoteStatus
from services.quote.domain.quote_notices import QuoteNotice, quote_notices
from services.quote.domain.quoted_premium import PremiumChanged, apply_quoted_premiums, detect_premium_change
from services.quote.domain.rating_context import PricedSelection, RatingContext

NOTHING_CHOSEN = PricedSelection(None, None)


@dataclass(frozen=True, slots=True)
class QuoteView:
    quote: Quote
    status: QuoteStatus
    context: RatingContext
    choice: PricedSelection
    changed: PremiumChanged | None = None
    notices: tuple[QuoteNotice, ...] = ()
    # Counted for lists alone.
    duplicate_count: int = 0


def build_quote_view(quote: Quote, catalogue: Catalogue, now: datetime) -> QuoteView:
    """A choice whose plans are not sold or not filed any more counts as not made, so that people choose again."""
    context = restore_context(quote, catalogue)
    choice, changed = _choice(quote, context, catalogue)
    if not choice.plans:
        quote = replace(quote, selection=None)
    today = business_date(now, quote.state)
    notices = tuple(quote_notices(quote.household, quote.effective_date, today))
    return QuoteView(quote, quote.status_on(today), context, choice, changed, notices)


def restore_context(quote: Quote, catalogue: Catalogue) -> RatingContext:
    """The household was checked when the quote was made."""
    location = catalogue.geography.saved_location(quote.zip, quote.county_fips, quote.effective_date.year)
    return RatingContext(location, quote.effective_date, quote.household)


def price_at_todays_rates(quote: Quote, context: RatingContext, catalogue: Catalogue) -> PricedSelection:
    """The plans of the quote at today's rates; raises DomainError when they cannot be had any more."""
    if quote.selection is None:
        return NOTHING_CHOSEN
    return context.choose(quote.selection.medical or "", quote.selection.dental or "", catalogue)


def _choice(
    quote: Quote, context: RatingContext, catalogue: Catalogue
) -> tuple[PricedSelection, PremiumChanged | None]:
    quoted = Money.total(quoted_premium.total for quoted_premium in quote.quoted_premiums)
    try:
        today = price_at_todays_rates(quote, context, catalogue)
    except DomainError as refusal:
        reason = refusal.problems[0].message if refusal.problems else refusal.message
        return NOTHING_CHOSEN, detect_premium_change(quoted, None, reason) if quote.quoted_premiums else None
    choice = apply_quoted_premiums(today, quote.quoted_premiums)
    return choice, detect_premium_change(choice.total, today.total)
