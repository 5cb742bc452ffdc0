"""The addresses of Home, lists, deadlines, hierarchy and what else the header leads to."""

from __future__ import annotations

from gateway.edge.methods import Handler
from gateway.pages import clients, deadlines, hierarchy, news, resources, search
from gateway.pages.home import header_pages, overview, unread_stream
from gateway.pages.lists import listing
from gateway.pages.reporting import report

ROUTES: dict[str, dict[str, Handler]] = {
    "/": {"GET": overview.home},
    "/quote-and-enroll": {"GET": overview.quote_and_enroll},
    "/deadlines": {"GET": deadlines.show},
    "/deadlines/calendars": {"POST": deadlines.create_calendar},
    "/deadlines/calendars/revocations": {"POST": deadlines.revoke_calendar},
    "/search": {"GET": search.show, "POST": search.search},
    "/clients": {"GET": clients.show},
    "/clients/searches": {"POST": clients.search},
    "/clients/{client_id}": {"GET": clients.show_client},
    "/clients/{client_id}/enrollment": {"GET": clients.ask_choice, "POST": clients.start_enrollment},
    "/notifications": {"GET": header_pages.bell},
    "/notifications/stream": {"GET": unread_stream.listen},
    "/notifications/read": {"POST": header_pages.mark_read},
    "/my-hierarchy": {"GET": hierarchy.show},
    "/my-hierarchy/access": {"GET": hierarchy.edit, "POST": hierarchy.grant},
    "/my-hierarchy/revocation": {"GET": hierarchy.confirm_revocation, "POST": hierarchy.revoke},
    "/reporting": {"GET": report.show},
    "/reporting/report.csv": {"GET": report.export},
    "/resources": {"GET": resources.show},
    "/resources/guides/{slug}": {"GET": resources.show_guide},
    "/resources/texts/{kind}": {"GET": resources.show_text},
    "/news": {"GET": news.show},
    "/enroll": {"GET": listing.show},
    "/enroll/searches": {"POST": listing.search},
    "/enroll/applications.csv": {"GET": listing.export},
}
