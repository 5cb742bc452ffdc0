"""The addresses of the quote pages."""

from __future__ import annotations

from gateway.edge.methods import Handler
from gateway.pages.quotes import enrollment, household, listing, offers, plan_detail, plans, review

QUOTE_ROUTES: dict[str, dict[str, Handler]] = {
    "/quotes": {"GET": listing.listing, "POST": listing.search},
    "/quotes/new": {"GET": household.new},
    "/quotes/new/{key}": {"GET": household.show_new, "POST": household.save_new},
    "/quotes/{quote_id}": {"GET": review.review},
    "/quotes/{quote_id}/edit": {"GET": household.show_edit, "POST": household.save_edit},
    "/quotes/{quote_id}/plans": {"GET": plans.plans, "POST": plans.select},
    "/quotes/{quote_id}/plans/{plan_id}": {"GET": plan_detail.show_plan},
    "/quotes/{quote_id}/comparison": {"GET": plan_detail.compare},
    "/quotes/{quote_id}/proposal.pdf": {"GET": offers.proposal},
    "/quotes/{quote_id}/deliveries": {"POST": offers.deliver},
    "/quotes/{quote_id}/share-links": {"POST": offers.share},
    "/quotes/{quote_id}/share-links/{link_id}/revoke": {"POST": offers.revoke},
    "/quotes/{quote_id}/copies": {"POST": offers.copy},
    "/quotes/{quote_id}/requotes": {"POST": offers.requote},
    "/quotes/{quote_id}/archive": {"POST": offers.archive},
    "/quotes/{quote_id}/restore": {"POST": offers.restore},
    "/quotes/{quote_id}/enrollment": {"POST": enrollment.enroll},
}
