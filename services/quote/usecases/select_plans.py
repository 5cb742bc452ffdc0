"""Use case: choose the plans of a quote (R10, R11)."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from chassis.kernel import Caller, Clock, Stale, Transactions, business_date
from services.quote.domain.events import QuoteSelected
from services.quote.domain.quote import Quote, QuoteBasis, Selection
from services.quote.domain.quoted_premium import QuotedPremium, quote_premiums
from services.quote.domain.rating_context import PricedSelection
from services.quote.usecases.ports import Catalogues, QuoteUnitOfWork
from services.quote.usecases.quote_view import QuoteView, build_quote_view, restore_context


@dataclass(frozen=True, slots=True)
class PlanChoice:
    """Empty ids for none; ``version`` is the one that was read, 0 saves without the check."""

    quote_id: str
    medical_plan_id: str
    dental_plan_id: str
    version: int


@dataclass(frozen=True, slots=True)
class SelectPlans:
    """For the quote's own producer and delegates. Replaces an earlier choice with its premiums.

    Publishes QuoteSelected.
    """

    catalogues: Catalogues
    transactions: Transactions[QuoteUnitOfWork]
    clock: Clock

    def __call__(self, wanted: PlanChoice, caller: Caller) -> QuoteView:
        """Raises Stale, Conflict when expired, InvalidInput at the plan that cannot be had, RateNotFiled."""
        catalogue = self.catalogues.current()
        with self.transactions() as work:
            quote = work.quotes.get(wanted.quote_id, caller)
        # a service may read every quote and change none
        caller.writing_number(quote.producer.writing_number)
        # Outside the transaction, since rates may have to be fetched.
        choice = restore_context(quote, catalogue).choose(wanted.medical_plan_id, wanted.dental_plan_id, catalogue)
        quoted_premiums = quote_premiums(choice.priced, catalogue, self.clock.now())
        with self.transactions() as work:
            quote = self._save(work, wanted, quote.basis, choice, quoted_premiums, caller)
        return build_quote_view(quote, catalogue, self.clock.now())

    def _save(
        self,
        work: QuoteUnitOfWork,
        wanted: PlanChoice,
        priced_for: QuoteBasis,
        choice: PricedSelection,
        quoted_premiums: Sequence[QuotedPremium],
        caller: Caller,
    ) -> Quote:
        now = self.clock.now()
        read = work.quotes.get(wanted.quote_id, caller, lock=True)
        if _is_made(read, wanted):
            return read
        if read.basis != priced_for:
            raise Stale(
                "The people, the place or the date of this quote changed. Open it again, then choose the plans."
            )
        today = business_date(now, read.state)
        quote = read.select(choice.plans, quoted_premiums, version=wanted.version, now=now, today=today)
        work.quotes.save(quote)
        number, selection = quote.producer.writing_number, quote.selection
        assert isinstance(selection, Selection)
        work.publish_event(QuoteSelected(quote.quote_id, quote.state, number, selection.medical, selection.dental))
        work.record_audit(now, caller.subject, quote.quote_id, "quote.selected", "Plans chosen.", on_behalf_of=number)
        return quote


def _is_made(quote: Quote, wanted: PlanChoice) -> bool:
    """Whether the last change of the quote is this very choice, whose answer may have been lost on its way."""
    chosen = quote.selection
    if chosen is None or quote.version != wanted.version + 1:
        return False
    return (chosen.medical or "", chosen.dental or "") == (wanted.medical_plan_id, wanted.dental_plan_id)
