"""What was typed into a form is kept on the server: for its person and form alone, encrypted, for 30 days."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable
from datetime import timedelta
from typing import TypeVar

import pytest
from sqlalchemy import select, update

from chassis.db import Database
from chassis.identity import CallerKind, generate_private_jwk
from chassis.kernel import Problem, Stale
from gateway.forms.drafts import DRAFTS_KEPT, FormDrafts
from gateway.store.database import GatewayDatabase
from gateway.store.tables import form_drafts, users
from gateway.user import User
from tests.integration.gateway.harness import GatewayHarness, MovableClock

Result = TypeVar("Result")
FIELDS = {"members[0].first_name": ["Jessica"], "identity": ["white", "other"]}
KEY = generate_private_jwk("gateway")


@pytest.fixture
def people(gateway_portal: GatewayHarness, gateway_url: str) -> list[User]:
    database = Database(gateway_url)
    with database.engine.begin() as connection:
        rows = connection.execute(select(users.c.user_id, users.c.email)).all()
    database.close()
    return [User(row.user_id, row.email, "A. Person", CallerKind.PRODUCER, ()) for row in rows]


def run(
    url: str, work: Callable[[FormDrafts], Awaitable[Result]], clock: MovableClock | None = None, key: str = KEY
) -> Result:
    """Work on drafts in an event loop of its own."""

    async def whole() -> Result:
        database = GatewayDatabase(url.replace("postgresql://", "postgresql+psycopg://", 1))
        try:
            return await work(FormDrafts.with_key(database, clock or MovableClock(), key))
        finally:
            await database.close()

    return asyncio.run(whole())


def test_draft_comes_back_with_all_texts_and_what_was_wrong(gateway_url: str, people: list[User]) -> None:
    async def work(drafts: FormDrafts) -> None:
        problems = [Problem("zip", "Enter a value.", "R9")]
        assert await drafts.load(people[0], "quote/1") is None
        assert await drafts.save(people[0], "quote/1", FIELDS, problems=problems, message="Check the form.") == 1
        draft = await drafts.load(people[0], "quote/1")
        assert draft and (draft.fields, draft.problems, draft.message) == (FIELDS, tuple(problems), "Check the form.")
        assert (draft.text("members[0].first_name"), draft.text("never sent")) == ("Jessica", "")
        await drafts.delete(people[0], "quote/1")
        assert await drafts.load(people[0], "quote/1") is None

    run(gateway_url, work)


def test_draft_of_another_person_or_form_is_not_found(gateway_url: str, people: list[User]) -> None:
    async def work(drafts: FormDrafts) -> None:
        await drafts.save(people[0], "quote/1", FIELDS)
        assert await drafts.load(people[1], "quote/1") is None
        assert await drafts.load(people[0], "quote/2") is None

    run(gateway_url, work)


def test_a_save_from_a_stale_tab_is_refused_and_changes_nothing(gateway_url: str, people: list[User]) -> None:
    async def work(drafts: FormDrafts) -> None:
        assert await drafts.save(people[0], "quote/1", FIELDS, version=0) == 1
        assert await drafts.save(people[0], "quote/1", FIELDS | {"zip": ["60601"]}, version=1) == 2
        for stale in (0, 1):
            with pytest.raises(Stale):
                await drafts.save(people[0], "quote/1", {}, version=stale)
        draft = await drafts.load(people[0], "quote/1")
        assert draft and draft.text("zip") == "60601"

    run(gateway_url, work)


def test_names_cannot_be_read_in_the_table_nor_under_another_row(gateway_url: str, people: list[User]) -> None:
    run(gateway_url, lambda drafts: drafts.save(people[0], "quote/1", FIELDS))
    database = Database(gateway_url)
    with database.engine.begin() as connection:
        sealed = connection.execute(select(form_drafts.c.sealed)).scalar_one()
        assert b"Jessica" not in sealed
        connection.execute(update(form_drafts).values(user_id=people[1].user_id))
    database.close()
    assert run(gateway_url, lambda drafts: drafts.load(people[1], "quote/1")) is None


def test_a_draft_sealed_with_an_old_key_counts_as_absent(gateway_url: str, people: list[User]) -> None:
    run(gateway_url, lambda drafts: drafts.save(people[0], "quote/1", FIELDS))
    other = generate_private_jwk("gateway")
    assert run(gateway_url, lambda drafts: drafts.load(people[0], "quote/1"), key=other) is None


def test_old_drafts_are_neither_shown_nor_kept(gateway_url: str, people: list[User]) -> None:
    clock = MovableClock()

    async def work(drafts: FormDrafts) -> None:
        await drafts.save(people[0], "quote/1", FIELDS)
        clock.advance(DRAFTS_KEPT)
        await drafts.prune()
        assert await drafts.load(people[0], "quote/1")
        clock.advance(timedelta(seconds=1))
        assert await drafts.load(people[0], "quote/1") is None
        await drafts.prune()
        clock.advance(timedelta(days=-1))
        assert await drafts.load(people[0], "quote/1") is None

    run(gateway_url, work, clock)
