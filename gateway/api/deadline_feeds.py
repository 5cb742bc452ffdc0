"""The API's calendar addresses: made, listed and revoked by their owner; read by anybody who holds one."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from suite.common.v1 import common_pb2
from suite.enrollment.v1 import application_overview_pb2 as pb

from gateway.api.routing.rpcs import ENROLLMENT
from gateway.calendar import calendar
from gateway.deadline_feeds import DeadlineFeeds
from gateway.gateway import Gateway, gateway_of, signed_in
from gateway.people import Person
from gateway.shields import UNLISTED
from gateway.store.deadline_feeds import DeadlineFeed

# The largest page of the radar, and five of them: no calendar shows more than a thousand days that are due.
PAGE, MOST_PAGES = 200, 5


async def create(request: Request) -> Response:
    session, gateway = await signed_in(request), gateway_of(request)
    feed, secret = await _feeds(gateway).create(session.person)
    url = f"{gateway.settings.origin}/api/v1/deadline-feeds/{secret}.ics"
    return JSONResponse(_described(feed) | {"url": url}, 201)


async def listing(request: Request) -> Response:
    session = await signed_in(request)
    feeds = await _feeds(gateway_of(request)).of(session.person)
    return JSONResponse({"deadline_feeds": [_described(feed) for feed in feeds]})


async def revoke(request: Request) -> Response:
    session = await signed_in(request)
    await _feeds(gateway_of(request)).revoke(session.person, request.path_params["feed_id"])
    return Response(status_code=204)


async def show(request: Request) -> Response:
    gateway = gateway_of(request)
    person = await _feeds(gateway).owner(request.path_params["secret"])
    content = calendar(await _deadlines(gateway, person), gateway.settings.origin, gateway.clock.now())
    headers = UNLISTED | {"Content-Disposition": 'inline; filename="deadlines.ics"'}
    return Response(content, media_type="text/calendar; charset=utf-8", headers=headers)


async def _deadlines(gateway: Gateway, person: Person) -> list[pb.Deadline]:
    found: list[pb.Deadline] = []
    token = ""
    for _ in range(MOST_PAGES):
        asked = pb.ListDeadlinesRequest(page=common_pb2.Page(size=PAGE, token=token))
        answer = await gateway.suite.ask(ENROLLMENT["ListDeadlines"], asked, pb.ListDeadlinesResponse, person.caller)
        found += answer.deadlines
        token = answer.next_page_token
        if not token:
            break
    return found


def _feeds(gateway: Gateway) -> DeadlineFeeds:
    return DeadlineFeeds(gateway.database, gateway.clock)


def _described(feed: DeadlineFeed) -> dict[str, Any]:
    return {
        "feed_id": feed.feed_id,
        "created_at": _instant(feed.created_at),
        "last_read_at": _instant(feed.last_read_at) if feed.last_read_at else None,
    }


def _instant(at: datetime) -> str:
    return at.isoformat(timespec="seconds")
