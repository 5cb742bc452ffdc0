"""Many requests of one session at once cost one look-up, and none of them can keep a session alive that has ended."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Coroutine
from contextlib import asynccontextmanager
from datetime import timedelta
from typing import Any

import pytest

from chassis.kernel import CallerKind, FixedClock
from gateway.identity.sessions import Session, Sessions, SessionTransport
from gateway.settings import WebSettings
from gateway.store import sessions
from gateway.user import User

CLOCK = FixedClock.at("2026-05-20")
REQUESTS = 16


class FakeDatabase:
    @asynccontextmanager
    async def autocommit_read(self) -> AsyncIterator[None]:
        yield None

    transaction = autocommit_read


class FakeRows:
    """The table of sessions with one row, which is found when the test lets it be found."""

    def __init__(self) -> None:
        self.user = User("1", "producer@example.com", "A Producer", CallerKind.PRODUCER, ())
        self.row: sessions.SessionRow | None = sessions.SessionRow(
            CLOCK.now() - timedelta(hours=1), CLOCK.now() - timedelta(minutes=1), self.user
        )
        self.may_answer = asyncio.Event()
        self.looked_up = self.touched = 0

    async def find_session(self, *_: Any) -> sessions.SessionRow | None:
        self.looked_up += 1
        found = self.row
        await self.may_answer.wait()
        return found

    async def touch_session(self, *_: Any) -> None:
        self.touched += 1

    async def remove_session(self, *_: Any) -> None:
        self.row = None


@pytest.fixture
def rows(monkeypatch: pytest.MonkeyPatch) -> FakeRows:
    fake = FakeRows()
    for name in ("find_session", "touch_session", "remove_session"):
        monkeypatch.setattr(sessions, name, getattr(fake, name))
    return fake


def recognize(known: Sessions) -> Coroutine[Any, Any, Session | None]:
    return known.recognize("secret", SessionTransport.COOKIE)


def make_sessions() -> Sessions:
    return Sessions(FakeDatabase(), CLOCK, WebSettings(suite_env="test").session_limits)  # type: ignore[arg-type]  # a fake in the place of PostgreSQL


def test_requests_at_once_share_one_look_up_and_one_touch(rows: FakeRows) -> None:
    async def run() -> list[Session | None]:
        known = make_sessions()
        waiting = [asyncio.create_task(recognize(known)) for _ in range(REQUESTS)]
        await asyncio.sleep(0)
        rows.may_answer.set()
        return await asyncio.gather(*waiting)

    found = asyncio.run(run())
    assert len(found) == REQUESTS and all(found)
    assert (rows.looked_up, rows.touched) == (1, 1)


def test_one_that_hangs_up_takes_nothing_from_the_others(rows: FakeRows) -> None:
    async def run() -> Session | None:
        known = make_sessions()
        first, second = asyncio.create_task(recognize(known)), asyncio.create_task(recognize(known))
        await asyncio.sleep(0)
        first.cancel()
        rows.may_answer.set()
        return await second

    assert asyncio.run(run()) is not None


def test_look_up_that_was_under_way_at_the_sign_out_is_believed_by_nobody_afterwards(rows: FakeRows) -> None:
    async def run() -> Session | None:
        known = make_sessions()
        before = asyncio.create_task(recognize(known))
        await asyncio.sleep(0)
        await asyncio.sleep(0)
        await known.end(Session("secret", SessionTransport.COOKIE, rows.user, CLOCK.now()))
        rows.may_answer.set()
        await before
        return await recognize(known)

    assert asyncio.run(run()) is None
    assert rows.looked_up == 2


def test_look_up_that_fails_is_made_again_by_the_next(rows: FakeRows, monkeypatch: pytest.MonkeyPatch) -> None:
    async def fail(*_: Any) -> None:
        raise ConnectionError

    async def run() -> Session | None:
        known = make_sessions()
        with monkeypatch.context() as patch, pytest.raises(ConnectionError):
            patch.setattr(sessions, "find_session", fail)
            await recognize(known)
        rows.may_answer.set()
        return await recognize(known)

    assert asyncio.run(run()) is not None
