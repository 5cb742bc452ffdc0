"""Leads marked people through everything that the product does with their numbers, as producers and payers do it."""

from __future__ import annotations

import io
import re
import threading
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import AbstractContextManager, closing, contextmanager
from dataclasses import dataclass, field
from datetime import date
from typing import Any

import amqp
import httpx
import psycopg
from kombu.utils.url import parse_url
from pypdf import PdfWriter

from deploy.local.demo.api import Api, Refused
from deploy.local.demo.journey import COUNTY, STATE, ZIP, Journey
from deploy.local.suite import LocalSuite
from deploy.local.waiting import wait_until
from tests.canary.people import MarkedPerson

TIMEOUT_SECONDS = 30.0
PATIENCE_SECONDS = 60.0
_TOKEN = re.compile(r'name="csrf_token"\s+value="([^"]+)"')


@dataclass
class Traces:
    """What went by on the way and lies in no folder: addresses and names of files, and the PDFs that came back."""

    addresses: list[str] = field(default_factory=list)
    file_names: list[str] = field(default_factory=list)
    pdfs: list[bytes] = field(default_factory=list)
    lists: list[bytes] = field(default_factory=list)

    def note_request(self, request: httpx.Request) -> None:
        self.addresses.append(str(request.url))

    def note_response(self, response: httpx.Response) -> None:
        self.addresses.append(response.headers.get("location", ""))
        self.file_names.append(response.headers.get("content-disposition", ""))

    @property
    def hooks(self) -> dict[str, list[Any]]:
        return {"request": [self.note_request], "response": [self.note_response]}


class NotedApi(Api):
    """Tells every address that is asked."""

    def __init__(self, portal_url: str, traces: Traces) -> None:
        super().__init__(portal_url)
        self._http.event_hooks = traces.hooks


@dataclass
class MarkedJourney(Journey):
    """A couple of marked people and their newborn, whose birth is the life event and no secret of the three."""

    applicant: MarkedPerson = field(kw_only=True)
    spouse: MarkedPerson = field(kw_only=True)
    traces: Traces = field(kw_only=True)
    portal_url: str = field(kw_only=True)

    @property
    def members(self) -> list[dict[str, Any]]:
        couple = (("self", self.applicant, "female"), ("spouse", self.spouse, "male"))
        return [
            *(
                {"relationship": role, "date_of_birth": one.born.isoformat(), "sex": sex, "tobacco_use": False}
                for role, one, sex in couple
            ),
            {"relationship": "child", "date_of_birth": self.birth.isoformat(), "sex": "female", "tobacco_use": False},
        ]

    @property
    def people(self) -> list[dict[str, Any]]:
        adults = [
            {**member, "first_name": one.first_name, "last_name": one.last_name, "ssn": one.ssn}
            for member, one in zip(self.members[:2], (self.applicant, self.spouse), strict=True)
        ]
        child = {**self.members[2], "first_name": "Dee", "last_name": self.applicant.last_name}
        del child["tobacco_use"]
        return [*adults, child]

    def fill_household(self) -> str:
        self.save_household()
        return f"{len(self.people)} people"

    def save_household(self, **changes: Any) -> None:
        place = {"city": "Chicago", "state": STATE, "zip": ZIP, "county_fips": COUNTY}
        body = {
            "form_type": "medical_dental",
            "authorization": "paper",
            "people": self.people,
            "home_address": {"street": "200 E Randolph St", **place},
            "contact": {"phone": "312-555-0142", "phone_type": "mobile", "email": "ada@example.com"},
        }
        self._save("household", body | changes)

    def save_wrongly(self) -> None:
        """Numbers in fields that are not theirs, and numbers that are none: refused, and told to nobody else."""
        wrong = [
            {**self.people[0], "ssn": f"{self.applicant.ssn}0"},
            {**self.people[1], "first_name": self.spouse.ssn, "date_of_birth": f"{self.spouse.born:%m/%d/%Y}"},
            self.people[2] | {"sex": self.applicant.ssn},
        ]
        for people in (wrong, [{**wrong[0], "relationship": self.applicant.born.isoformat()}]):
            try:
                self.save_household(people=people)
            except Refused as refused:
                assert refused.status in (400, 422), refused.problem
            else:
                raise AssertionError("nobody minded the wrong household")

    def walk(self) -> None:
        """From the quote to the payment, the documents and the lists."""
        self.until_chosen()
        self.sign()
        self.submit()
        self.pay_by_both()
        self.prove()
        self.traces.pdfs.append(self.fetch_pdf())
        self.look_around()

    def until_chosen(self) -> None:
        for stage in (self.sign_in, self.save_quote, self.send_proposal, self.start, self.explain_dates):
            stage()
        self.save_wrongly()
        for stage in (self.fill_household, self.choose_plans):
            stage()

    def send_proposal(self) -> None:
        path = f"/quotes/{self.quote['quote_id']}"
        self.api.post(f"{path}/deliveries", {"email": "ada@example.com"})
        self.traces.pdfs.append(self.api.get_bytes(f"{path}/proposal.pdf"))
        link = self.api.post(f"{path}/share-links")
        self.api.get(f"/shared-quotes/{link['url'].rpartition('/')[2]}")

    def pay_by_both(self) -> None:
        """The balance by card, what follows from the account; the spouse's numbers are typed first, and refused."""
        link = self.api.post(f"/applications/{self.record_number}/payment")["url"]
        with httpx.Client(timeout=TIMEOUT_SECONDS, event_hooks=self.traces.hooks) as browser:
            start = browser.get(link, follow_redirects=True)
            page, token = str(start.url), _token_of(start)
            wrong = make_payment(self.spouse, token) | {"accept_terms": ""}
            refused = browser.post(page, data=wrong, follow_redirects=True)
            review = browser.post(page, data=make_payment(self.applicant, _token_of(refused)), follow_redirects=True)
            review.raise_for_status()
            agreed = {"csrf_token": _token_of(review), "agree": "yes"}
            done = browser.post(f"{page.rstrip('/')}/submit", data=agreed)
            assert done.is_redirect, done.text
        self.wait_for_payment("successful")

    def prove(self) -> None:
        """A document whose name and title tell what they should not."""
        name, title = f"ssn {self.applicant.ssn}", f"born {self.spouse.born.isoformat()}"
        response = httpx.post(
            f"{self.portal_url}/api/v1/applications/{self.record_number}/proof-documents?kind=birth_certificate",
            content=make_pdf(title),
            headers={
                "Authorization": f"Bearer {self.api.token}",
                "Content-Type": "application/pdf",
                "Content-Disposition": f'attachment; filename="{name}.pdf"',
                "Idempotency-Key": f"proof-of-{self.record_number}",
            },
            timeout=TIMEOUT_SECONDS,
        )
        assert response.status_code == 201, response.text

    def look_around(self) -> None:
        """Searches by what is secret, and lists."""
        one = self.applicant
        found = self.api.post("/client-searches", {"date_of_birth": one.born.isoformat()})["clients"]
        assert found, "a client is found by birth date"
        assert self.api.post("/client-searches", {"ssn_last_four": one.ssn[-4:]})["clients"]
        self.api.post("/application-searches", {"status": "completed", "applicant": one.ssn})
        self.api.get(f"/clients/{found[0]['client_id']}")
        self.api.get(f"/applications/{self.record_number}/duplicates")
        self.api.get(f"/applications/{self.record_number}/timeline")

    def submit_in_vain(self, suite: LocalSuite) -> None:
        """Nobody answers for the plans any more, so that the submission waits for its next attempt; then it goes on."""
        with nobody_reaches_quote(suite):
            path = f"/applications/{self.record_number}/submission"
            self.application = self.api.post_on(path, {}, self.application["version"])
        self.wait_for_outcome()

    def save_while_cancelled(self, suite: LocalSuite, admin_url: str) -> None:
        """A statement with everybody in it fails: somebody holds the rows, and an operator cancels it."""
        with psycopg.connect(suite.databases["enrollment"]) as holder, ThreadPoolExecutor(1) as pool:
            locked = "select from person where record_number = %s for update"
            holder.execute(locked, (self.record_number,))
            cancelled = threading.Event()
            saving = pool.submit(self._save_until, cancelled)
            with psycopg.connect(admin_url, autocommit=True) as admin:
                name = holder.info.dbname
                assert wait_until(lambda: _cancel_waiting(admin, name), PATIENCE_SECONDS), "nothing waited"
            cancelled.set()
            holder.rollback()
            saving.result()

    def _save_until(self, cancelled: threading.Event) -> None:
        self.save_household(people=[{**self.people[0], "middle_initial": "Q"}, *self.people[1:]])
        assert cancelled.is_set()


def make_payment(one: MarkedPerson, token: str) -> dict[str, str]:
    return {
        "csrf_token": token,
        "method": "card",
        "card_number": " ".join(one.card[n : n + 4] for n in range(0, 16, 4)),
        "card_expires": "12/39",
        "card_security_code": "123",
        "autopay": "yes",
        "account_type": "checking",
        "account_holder": f"{one.first_name} {one.last_name}",
        "routing_number": one.routing,
        "account_number": one.account,
        "payer": "family",
        "accept_terms": "yes",
    }


def make_pdf(title: str) -> bytes:
    writer, out = PdfWriter(), io.BytesIO()
    writer.add_blank_page(612, 792)
    writer.add_metadata({"/Title": title})
    writer.write(out)
    return out.getvalue()


def fetch_lists(suite: LocalSuite, traces: Traces) -> None:
    """The lists and the report as files, by a producer in the portal."""
    with httpx.Client(
        base_url=suite.ports.portal_url, timeout=TIMEOUT_SECONDS, event_hooks=traces.hooks, follow_redirects=True
    ) as browser:
        page = browser.get("/sign-in").text
        token = re.search(r'name="csrf(?:_token)?"\s+value="([^"]+)"', page)
        form = {"email": "producer@example.com", "password": "demo"} | ({"csrf": token[1]} if token else {})
        headers = {"Sec-Fetch-Site": "same-origin", "Origin": suite.ports.portal_url}
        browser.post("/sign-in", data=form, headers=headers).raise_for_status()
        for path in ("/enroll/applications.csv", "/enroll/applications.csv?tab=completed", "/reporting/report.csv"):
            answer = browser.get(path)
            answer.raise_for_status()
            assert answer.headers["content-type"].startswith("text/csv"), answer.url
            traces.lists.append(answer.content)


@contextmanager
def nobody_reaches_quote(suite: LocalSuite) -> Iterator[None]:
    """Calls to quote over the bus find nobody, while all processes run."""
    binding = {"queue": "rpc-quote", "exchange": "nameko-rpc", "routing_key": "quote.*"}
    with open_channel(suite.broker.url) as channel:
        channel.queue_unbind(**binding)
        try:
            yield
        finally:
            channel.queue_bind(**binding)


@contextmanager
def open_channel(url: str) -> Iterator[amqp.Channel]:
    parts = parse_url(url)
    address = f"{parts['hostname']}:{parts['port'] or 5672}"
    with (
        amqp.Connection(
            address, userid=parts["userid"], password=parts["password"], virtual_host=parts["virtual_host"] or "/"
        ) as connection,
        connection.channel() as channel,
    ):
        yield channel


def make_journey(
    suite: LocalSuite, couple: tuple[MarkedPerson, MarkedPerson], today: date, traces: Traces
) -> AbstractContextManager[MarkedJourney]:
    """To be closed, with its connection."""
    url = suite.ports.portal_url

    @contextmanager
    def opened() -> Iterator[MarkedJourney]:
        with closing(NotedApi(url, traces)) as api:
            yield MarkedJourney(api, today, applicant=couple[0], spouse=couple[1], traces=traces, portal_url=url)

    return opened()


def _cancel_waiting(admin: psycopg.Connection, database: str) -> bool:
    """Whether a statement that writes waited for a lock; it is cancelled."""
    query = """
        select pg_cancel_backend(pid) from pg_stat_activity
        where datname = %s and wait_event_type = 'Lock' and query ilike 'insert into person%%'
    """
    return bool(admin.execute(query, (database,)).fetchall())


def _token_of(page: httpx.Response) -> str:
    found = _TOKEN.search(page.text)
    assert found, f"{page.request.url} has no form"
    return found[1]
