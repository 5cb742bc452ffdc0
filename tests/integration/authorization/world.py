"""People, agencies, delegations and records of the real suite, as many as the decisions of the model need."""

from __future__ import annotations

import asyncio
import io
import random
import secrets
from collections.abc import Mapping
from contextlib import closing
from dataclasses import dataclass, field, fields
from datetime import UTC, datetime, timedelta
from typing import Any

from pypdf import PdfWriter
from sqlalchemy import create_engine, make_url, text
from suite.documents.v1 import proof_documents_pb2
from suite.enrollment.v1 import application_pb2, client_review_pb2, enrollment_service_pb2
from suite.quote.v1 import quote_offers_pb2, quote_service_pb2

from chassis.db import Database
from chassis.identity import Caller, CallerKind, TokenIssuer, WritingNumber
from chassis.kernel import (
    DelegatedAction,
    DomainError,
    Grant,
    NotFound,
    NotReady,
    SystemClock,
    Unavailable,
    business_date,
)
from chassis.rpc.client import RpcClient
from deploy.local.demo.api import Api
from deploy.local.demo.journey import Journey
from deploy.local.suite import LocalSuite
from gateway.api.from_json import fill_message
from gateway.api.openapi_examples import BODIES
from gateway.edge.rpcs import DOCUMENTS, ENROLLMENT, QUOTE
from gateway.identity.agencies import Agency, AgencyMember, load_agencies
from tests.integration.authorization.reference_model import Leave, Person
from tests.ready_applications import copy_application

STATE = "IL"
ADA, BEN, CID, NIL = (f"{name}@authorization.example" for name in ("ada", "ben", "cid", "nil"))
OWN: Mapping[str, tuple[str, ...]] = {
    ADA: ("700000001", "700000002", "700000005"),
    BEN: ("700000003",),
    CID: ("700000004",),
    NIL: (),
}
"""Producers and their writing numbers; Cid is Ada's sub-producer. The last of Ada's has no records."""
UPLINE_ACTIONS = (DelegatedAction.QUOTE,)
DELEGATES = 10
ACTIONS = tuple(action.value for action in DelegatedAction)
PATIENCE_SECONDS = 120.0
"""Within which a submission, its PDF and a client are there on a loaded machine."""


@dataclass(frozen=True)
class Records:
    """What there is under one writing number; of a kind that is not there, a made-up name."""

    number: str = "799999999"
    quote_id: str = "00000000-0000-4000-8000-00000000dead"
    link_id: str = "00000000-0000-4000-8000-00000000beef"
    draft: str = "A-99999997"
    reviewed: str = "A-99999998"
    review_id: str = "00000000-0000-4000-8000-00000000cafe"
    sent: str = "A-99999999"
    document_id: str = "00000000-0000-4000-8000-00000000f00d"
    client_id: str = "00000000-0000-4000-8000-00000000face"

    def names(self) -> dict[str, str]:
        """Each name that tells the record -> the writing number."""
        return {getattr(self, one.name): self.number for one in fields(self)}


@dataclass
class World:
    """``gone``: the instant at which some delegations ended."""

    suite: LocalSuite
    people: dict[str, Person]
    records: dict[str, Records] = field(default_factory=dict)
    sessions: dict[str, str] = field(default_factory=dict)
    share_token: str = ""
    pcp_id: str = ""

    @property
    def owner_of(self) -> dict[str, str]:
        return {name: number for one in self.records.values() for name, number in one.names().items()}


def build_world(suite: LocalSuite, seed: int) -> World:
    """With everything in place: people signed in, records made, delegations given and some of them revoked."""
    world = World(suite, _people(random.Random(seed), datetime.now(UTC)))
    _add_people(world)
    asyncio.run(_add_records(world))
    return world


def caller_of(person: Person, now: datetime) -> Caller:
    """As a token of a gateway would name the person that was signed while every delegation still ran: the services have
    to see for themselves which one has ended.
    """
    given = [one for one in person.leave if not one.revoked and (one.starts_at is None or one.starts_at <= now)]
    numbers = [*sorted(person.own), *(one.number for one in given)]
    grants: list[Grant | None] = [None for _ in person.own]
    grants += [Grant(frozenset(map(DelegatedAction, one.actions)), one.ends_at) for one in given]
    kind = CallerKind.PRODUCER if person.email in OWN else CallerKind.DELEGATE
    named = tuple(WritingNumber(number, STATE, "MODEL, MAY", "MODEL, MAY") for number in numbers)
    return Caller(kind, person.email, named, "May Model", tuple(grants) if any(grants) else ())


def _people(chance: random.Random, now: datetime) -> dict[str, Person]:
    below = tuple(Leave(number, frozenset(UPLINE_ACTIONS)) for number in OWN[CID])
    people = {email: Person(email, frozenset(numbers), below if email == ADA else ()) for email, numbers in OWN.items()}
    everything = frozenset(ACTIONS)
    # one for everything, one to look, one who may act under some of the numbers; the others by chance
    fixed = [
        (Leave("700000001", everything), Leave("700000003", everything)),
        (Leave("700000001", frozenset()), Leave("700000004", frozenset())),
        (Leave("700000001", frozenset({"quote"})), Leave("700000002", everything)),
        (Leave("700000001", everything, ends_at=now - timedelta(minutes=5)), Leave("700000003", frozenset({"pay"}))),
    ]
    for place in range(DELEGATES):
        leave = fixed[place] if place < len(fixed) else _leave(chance, now)
        people[f"delegate{place}@authorization.example"] = Person(f"delegate{place}@authorization.example", leave=leave)
    return people


def _leave(chance: random.Random, now: datetime) -> tuple[Leave, ...]:
    numbers = chance.sample([number for own in OWN.values() for number in own], chance.randint(1, 3))
    day, hour = timedelta(days=1), timedelta(hours=1)
    times = [
        (None, None),
        (None, None),
        (now - day, now + day),
        (now - day, None),
        (None, now - hour),
        (now + day, None),
    ]
    return tuple(
        Leave(
            number,
            frozenset(chance.sample(ACTIONS, chance.randint(0, len(ACTIONS)))),
            *chance.choice(times),
            revoked=chance.random() < 0.2,
        )
        for number in numbers
    )


def _add_people(world: World) -> None:
    engine = create_engine(_url(world.suite, "gateway"))
    with engine.begin() as connection:
        hashed = connection.scalar(text("select password_hash from users where email = 'producer@example.com'"))
        for email in world.people:
            row = {"id": email.split("@")[0], "email": email, "hash": hashed}
            row["role"] = "producer" if email in OWN else "delegate"
            connection.execute(text("insert into users values (:id, :email, 'May Model', :role, :hash, true)"), row)
        for email, numbers in OWN.items():
            for number in numbers:
                row = {"number": number, "state": STATE, "id": email.split("@")[0]}
                new = "(:number, :state, 'MODEL, MAY', 'MODEL, MAY', :id)"
                columns = "(number, state, producer_name, company_name, user_id)"
                connection.execute(text(f"insert into writing_numbers {columns} values {new}"), row)
        for person in world.people.values():
            for one in () if person.email in OWN else person.leave:
                row = {"id": person.email.split("@")[0], "number": one.number, "actions": sorted(one.actions)}
                row |= {"starts": one.starts_at, "ends": one.ends_at}
                new = "(:id, :number, cast(:actions as text[]), :starts, :ends)"
                columns = "(delegate_id, number, actions, starts_at, ends_at)"
                connection.execute(text(f"insert into delegations {columns} values {new}"), row)
    engine.dispose()
    database = Database(world.suite.databases["gateway"])
    members = (AgencyMember(email=ADA), AgencyMember(email=CID, upline=ADA))
    load_agencies(database, [Agency(name="Model Agency", upline_actions=UPLINE_ACTIONS, members=members)])
    database.close()
    for email in world.people:
        with closing(Api(world.suite.ports.portal_url)) as api:
            world.sessions[email] = str(api.sign_in(email, "demo")["token"])
    _revoke(world)


def _revoke(world: World) -> None:
    """By the producers whose numbers they are, while the delegates are signed in."""
    for email, numbers in OWN.items():
        with closing(Api(world.suite.ports.portal_url)) as api:
            api.use(world.sessions[email])
            for person in world.people.values():
                for one in person.leave:
                    if one.revoked and one.number in numbers:
                        api._http.delete(f"/delegations/{person.email.split('@')[0]}/{one.number}").raise_for_status()


async def _add_records(world: World) -> None:
    with closing(Api(world.suite.ports.portal_url)) as api:
        journey = Journey(api, business_date(SystemClock().now(), STATE))
        await asyncio.to_thread(journey.until_ready)
        found = api.get(
            "/providers", plan_id=journey.application["plans"]["medical_plan_id"], zip="60601", plan_year=2026
        )
        world.pcp_id = found["providers"][0]["pcp_id"]
    numbers = [number for own in OWN.values() for number in own if number != OWN[ADA][-1]]
    engine = create_engine(_url(world.suite, "enrollment"))
    with engine.begin() as connection:
        copies = iter(copy_application(connection, journey.record_number, 3 * len(numbers)))
        applications = {number: (next(copies), next(copies), next(copies)) for number in numbers}
        for number, three in applications.items():
            change = "update application set writing_number = :number where record_number = any(:three)"
            connection.execute(text(change), {"number": number, "three": list(three)})
    client = RpcClient(f"127.0.0.1:{world.suite.ports.rpc}")
    try:
        made = await asyncio.gather(*(_Owner(world, client, number).make(applications[number]) for number in numbers))
    finally:
        await client.close()
    for number, records in zip(numbers, made, strict=True):
        with engine.connect() as connection:
            world.records[number] = await _with_client(connection, records)
    engine.dispose()


async def _with_client(connection: Any, records: Records) -> Records:
    """The client that the quote's event made known."""
    query = text("select client_id from client where writing_number = :number limit 1")
    for _ in range(int(PATIENCE_SECONDS)):
        if found := connection.scalar(query, {"number": records.number}):
            return Records(**{**{one.name: getattr(records, one.name) for one in fields(records)}, "client_id": found})
        connection.rollback()
        await asyncio.sleep(1)
    raise TimeoutError("no client was made of the quote")


class _Owner:
    """Makes the records of one number in the name of its producer."""

    def __init__(self, world: World, client: RpcClient, number: str) -> None:
        self._world, self._client, self._number = world, client, number
        named = WritingNumber(number, STATE, "MODEL, MAY", "MODEL, MAY")
        self._caller = Caller(CallerKind.PRODUCER, "owner@authorization.example", (named,), "May Model")
        self._issuer = TokenIssuer(world.suite.keys["identity.gateway"])

    async def make(self, applications: tuple[str, str, str]) -> Records:
        draft, reviewed, sent = applications
        quote_id, link_id = await self._quote()
        sending = client_review_pb2.SendForReviewRequest(idempotency_key=secrets.token_hex(8), record_number=reviewed)
        review = await self._ask(ENROLLMENT["SendForReview"], sending)
        submit = enrollment_service_pb2.SubmitApplicationRequest(
            idempotency_key=secrets.token_hex(8), record_number=sent, version=1
        )
        await self._ask(ENROLLMENT["SubmitApplication"], submit)
        document_id = await self._proof(sent)
        return Records(self._number, quote_id, link_id, draft, reviewed, review.review.review_id, sent, document_id)

    async def _quote(self) -> tuple[str, str]:
        """Without a plan, so that what comes of it is refused when it gets so far."""
        day = business_date(SystemClock().now(), STATE) + timedelta(days=32)
        body = {**BODIES["CreateQuote"], "writing_number": self._number, "effective_date": f"{day:%Y-%m}-01"}
        request = quote_service_pb2.CreateQuoteRequest(idempotency_key=secrets.token_hex(8))
        fill_message(request, body)
        quote_id = (await self._ask(QUOTE["CreateQuote"], request)).quote.quote_id
        links = []
        for _ in range(2):  # one to be revoked, and one that stays open
            sharing = quote_offers_pb2.CreateShareLinkRequest(idempotency_key=secrets.token_hex(8), quote_id=quote_id)
            links.append((await self._ask(QUOTE["CreateShareLink"], sharing)).link)
        self._world.share_token = links[1].url.rsplit("/", 1)[1]
        return quote_id, links[0].link_id

    async def _proof(self, sent: str) -> str:
        asked = enrollment_service_pb2.GetApplicationRequest(record_number=sent)
        submitted = application_pb2.APPLICATION_STATUS_SUBMITTED
        application = await self._until(
            ENROLLMENT["GetApplication"], asked, lambda answer: answer.application.status == submitted
        )
        writer, content = PdfWriter(), io.BytesIO()
        writer.add_blank_page(200, 200)
        writer.write(content)
        request = proof_documents_pb2.AddProofDocumentRequest(
            idempotency_key=secrets.token_hex(8),
            record_number=sent,
            kind=application.application.proofs_asked[0],
            media_type="application/pdf",
            content=content.getvalue(),
        )
        document = (await self._ask(DOCUMENTS["AddProofDocument"], request)).document
        wanted = _message(DOCUMENTS["GetApplicationPdf"], record_number=sent)
        await self._until(DOCUMENTS["GetApplicationPdf"], wanted, lambda answer: True)
        return str(document.document_id)

    async def _until(self, rpc: Any, request: Any, done: Any) -> Any:
        for _ in range(int(PATIENCE_SECONDS)):
            try:
                answer = await self._ask(rpc, request)
            except (NotFound, NotReady):
                answer = None
            if answer is not None and done(answer):
                return answer
            await asyncio.sleep(1)
        raise TimeoutError(f"{rpc.name} was not answered as expected")

    async def _ask(self, rpc: Any, request: Any) -> Any:
        """Again where the machine is too loaded to answer."""
        for attempt in range(5):
            try:
                return await self._client.call(rpc, request, self._issuer.issue(self._caller), 30.0)
            except Unavailable:
                if attempt == 4:
                    raise
                await asyncio.sleep(1)
        raise DomainError("unreachable")


def _message(rpc: Any, **values: Any) -> Any:
    from chassis.contract import request_class

    return request_class(rpc)(**values)


def _url(suite: LocalSuite, owner: str) -> Any:
    return make_url(suite.databases[owner]).set(drivername="postgresql+psycopg2")
