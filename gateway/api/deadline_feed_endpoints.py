"""The API's calendar addresses: made, listed and revoked by their owner; read by anybody who holds one."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from suite.common.v1 import common_pb2
from suite.enrollment.v1 import application_overview_pb2 as pb

from gateway.edge.context import GatewayContext, get_gateway, require_session
from gateway.edge.middleware import UNLISTED
from gateway.edge.rpcs import ENROLLMENT
from gateway.notifications.calendar_feed import build_calendar
from gateway.notifications.deadline_feeds import DeadlineFeeds
from gateway.store.deadline_feed_rows import DeadlineFeed
from gateway.user import User

# The largest page of deadlines, and five of them: no calendar shows more than a thousand days that are due.
PAGE, MOST_PAGES = 200, 5


async def create_feed(request: Request) -> Response:
    session, gateway = await require_session(request), get_gateway(request)
    feed, secret = await _feeds(gateway).create(session.user)
    url = f"{gateway.settings.origin}/api/v1/deadline-feeds/{secret}.ics"
    return JSONResponse(_described(feed) | {"url": url}, 201)


async def list_feeds(request: Request) -> Response:
    session = await require_session(request)
    feeds = await _feeds(get_gateway(request)).of(session.user)
    return JSONResponse({"deadline_feeds": [_described(feed) for feed in feeds]})


async def revoke_feed(request: Request) -> Response:
    session = await require_session(request)
    await _feeds(get_gateway(request)).revoke(session.user, request.path_params["feed_id"])
    return Response(status_code=204)


async def show_calendar(request: Request) -> Response:
    gateway = get_gateway(request)
    person = await _feeds(gateway).owner(request.path_params["secret"])
    content = build_calendar(await _deadlines(gateway, person), gateway.settings.origin, gateway.clock.now())
    headers = UNLISTED | {"Content-Disposition": 'inline; filename="deadlines.ics"'}
    return Response(content, media_type="text/calendar; charset=utf-8", headers=headers)


async def _deadlines(gateway: GatewayContext, user: User) -> list[pb.Deadline]:
    found: list[pb.Deadline] = []
    token = ""
    for _ in range(MOST_PAGES):
        asked = pb.ListDeadlinesRequest(page=common_pb2.Page(size=PAGE, token=token))
        answer = await gateway.services.ask(ENROLLMENT["ListDeadlines"], asked, pb.ListDeadlinesResponse, user.caller)
        found += answer.deadlines
        token = answer.next_page_token
        if not token:
            break
    return found


def _feeds(gateway: GatewayContext) -> DeadlineFeeds:
    return DeadlineFeeds(gateway.database, gateway.clock)


def _described(feed: DeadlineFeed) -> dict[str, Any]:
    return {
        "feed_id": feed.feed_id,
        "created_at": _instant(feed.created_at),
        "last_read_at": _instant(feed.last_read_at) if feed.last_read_at else None,
    }


def _instant(at: datetime) -> str:
    return at.isoformat(timespec="seconds")
