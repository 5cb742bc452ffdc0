"""The addresses of the quote pages."""

from __future__ import annotations

from gateway.edge.methods import Handler
from gateway.pages.quotes import enrollment, household, listing, plans, review

QUOTE_ROUTES: dict[str, dict[str, Handler]] = {
    "/quotes": {"GET": listing.listing},
    "/quotes/new": {"GET": household.new},
    "/quotes/new/{key}": {"GET": household.show_new, "POST": household.save_new},
    "/quotes/{quote_id}": {"GET": review.review},
    "/quotes/{quote_id}/edit": {"GET": household.show_edit, "POST": household.save_edit},
    "/quotes/{quote_id}/plans": {"GET": plans.plans, "POST": plans.select},
    "/quotes/{quote_id}/enrollment": {"POST": enrollment.enroll},
}
