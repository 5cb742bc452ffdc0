"""Use case: correct the people, the place or the date of a quote."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from chassis.kernel import Caller, Clock, Problem, Transactions, business_date
from services.quote.domain.events import QuoteUpdated
from services.quote.domain.household import Member
from services.quote.domain.quote import Quote, QuoteBasis
from services.quote.domain.quoted_premium import quote_premiums
from services.quote.domain.rating_context import RatingContext, RatingRequest
from services.quote.usecases.plan_changes import PlanChange, carry_over_plans
from services.quote.usecases.ports import Catalogues, QuoteUnitOfWork
from services.quote.usecases.quote_view import QuoteView, build_quote_view


@dataclass(frozen=True, slots=True)
class QuoteUpdate:
    """As it was sent, not yet checked, as a ``RatingRequest``. The state stays that of the writing number (R26)."""

    quote_id: str
    version: int
    zip: str
    county_fips: str
    effective_date: date
    members: tuple[Member, ...]
    unreadable: tuple[Problem, ...] = ()


@dataclass(frozen=True, slots=True)
class UpdateQuote:
    """For the quote's own producer and delegates. Plans that can be had no more leave the choice.

    Publishes QuoteUpdated.
    """

    catalogues: Catalogues
    transactions: Transactions[QuoteUnitOfWork]
    clock: Clock

    def __call__(self, sent: QuoteUpdate, caller: Caller) -> tuple[QuoteView, list[PlanChange]]:
        """Raises Stale, Conflict when expired, InvalidInput that names every wrong field.

        The repeat of a change that was saved, whose answer may have been lost, gives the quote as it is and no changes.
        """
        catalogue, now = self.catalogues.current(), self.clock.now()
        with self.transactions() as work:
            read = work.quotes.get(sent.quote_id, caller)
        caller.writing_number(read.producer.writing_number)  # a service may read every quote and change none
        context = RatingContext.from_request(rating_request_of(sent, read.state), catalogue, now)
        # Outside the transaction, since rates may have to be fetched; the version says whether the choice is still it.
        changes, plans = carry_over_plans(build_quote_view(read, catalogue, now).choice.priced, context, catalogue)
        basis = QuoteBasis(
            context.location.zip, context.location.county.fips, context.effective_date, context.household
        )
        premiums = quote_premiums(plans, catalogue, now)
        with self.transactions() as work:
            found = work.quotes.get(sent.quote_id, caller, lock=True)
            if found.version == sent.version + 1 and found.basis == basis:
                return build_quote_view(found, catalogue, now), []
            today = business_date(now, read.state)
            kept = [one.plan for one in plans]
            saved = found.change(basis, kept, premiums, version=sent.version, now=now, today=today)
            self._save(work, saved, caller)
        return build_quote_view(saved, catalogue, now), changes

    def _save(self, work: QuoteUnitOfWork, quote: Quote, caller: Caller) -> None:
        number, people = quote.producer.writing_number, len(quote.household.members)
        work.quotes.save(quote)
        work.publish_event(QuoteUpdated(quote.quote_id, quote.state, number, quote.effective_date, people))
        work.record_audit(
            quote.updated_at, caller.subject, quote.quote_id, "quote.updated", "Quote changed.", on_behalf_of=number
        )


def rating_request_of(sent: QuoteUpdate, state: str) -> RatingRequest:
    return RatingRequest(state, sent.zip, sent.county_fips, sent.effective_date, sent.members, sent.unreadable)
