"""What sample requests name: quotes, applications, reviews and payments of a running suite, made when asked for."""

from __future__ import annotations

import io
import time
import uuid
from collections import deque
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import httpx
from pypdf import PdfWriter
from sqlalchemy import create_engine, make_url
from suite.common.v1 import common_pb2 as common
from suite.documents.v1 import documents_service_pb2 as documents
from suite.enrollment.v1 import application_pb2, client_review_pb2
from suite.enrollment.v1 import enrollment_service_pb2 as enrollment
from suite.payment.v1 import payment_service_pb2 as payment
from suite.quote.v1 import quote_offers_pb2 as offers
from suite.quote.v1 import quote_pb2
from suite.quote.v1 import quote_service_pb2 as quotes

from chassis.kernel import Conflict, SystemClock, business_date
from deploy.local.demo.api import Api
from deploy.local.demo.journey import COUNTY, STATE, ZIP, Journey
from deploy.local.demo.payer import _TOKEN, _find
from deploy.local.suite import LocalSuite
from gateway.edge.rpcs import DOCUMENTS, ENROLLMENT, PAYMENT, QUOTE
from tests.ready_applications import copy_application
from tests.suite_calls import FRITZ, PRODUCER, GrpcCalls, service_caller

# What the operator of a suite says about the carrier that samples name.
CARRIER_GRANTS = """
sample-carrier: {issuer_ids: ["36096"], field_groups: [birth_date, contact, tobacco, provider]}
"""
GATEWAY = service_caller("gateway")
TODAY = business_date(SystemClock().now(), STATE)
# Copied at once: a copy costs a millisecond, a round of them ten.
COPIES = 20
# The PDF and the payment come by events, which a loaded machine delivers late.
PATIENCE_SECONDS = 60.0
_AUTOPAY = {
    "method": "bank",
    "routing_number": "110000000",
    "account_number": "000123456789",
    "account_type": "checking",
    "account_holder": "Ada Sample",
    "payer": "family",
    "autopay": "yes",
    "accept_terms": "yes",
}


def new_key() -> str:
    """An idempotency key."""
    return str(uuid.uuid4())


@dataclass(frozen=True, slots=True)
class Review:
    """A client's link that was opened; ``sha256`` is of what it shows."""

    record_number: str
    review_id: str
    token: str
    access: str
    sha256: str
    section: str

    @property
    def credentials(self) -> client_review_pb2.ReviewAccess:
        return client_review_pb2.ReviewAccess(token=self.token, access=self.access)


class SampleRecords:
    """Of the demo's producer in Illinois. Every call of a method makes another record, ready for one act on it."""

    def __init__(self, suite: LocalSuite, api: Api, calls: GrpcCalls) -> None:
        self._suite, self._api, self._calls = suite, api, calls
        self._journey = Journey(api, TODAY)
        self._journey.until_ready()
        self._ready: deque[str] = deque()

    @property
    def model(self) -> dict[str, Any]:
        """The application, as the JSON API gives it, of which the others are copies; nothing is done to it."""
        return self._journey.application

    @property
    def plans(self) -> tuple[str, str]:
        """Medical and dental plan of the model."""
        return self.model["plans"]["medical_plan_id"], self.model["plans"]["dental_plan_id"]

    def ask(self, method: Any, request: Any, caller: Any = PRODUCER) -> Any:
        return self._calls.ask(method, request, caller)

    def members(self) -> list[quote_pb2.Member]:
        adult = quote_pb2.Member(
            relationship=common.RELATIONSHIP_SELF,
            date_of_birth="1987-06-14",
            sex=common.SEX_FEMALE,
            first_name="Ada",
            last_name="Sample",
        )
        child = quote_pb2.Member(relationship=common.RELATIONSHIP_CHILD, date_of_birth="2019-09-03")
        return [adult, child]

    def quote(self) -> quote_pb2.Quote:
        """With both plans selected."""
        request = quotes.CreateQuoteRequest(
            idempotency_key=new_key(),
            writing_number=FRITZ.number,
            state=STATE,
            zip=ZIP,
            county_fips=COUNTY,
            effective_date=self._journey.birth.isoformat(),
            members=self.members(),
        )
        made = self.ask(QUOTE["CreateQuote"], request).quote
        medical, dental = self.plans
        selection = quotes.SelectPlansRequest(
            quote_id=made.quote_id, medical_plan_id=medical, dental_plan_id=dental, version=made.version
        )
        selected: quote_pb2.Quote = self.ask(QUOTE["SelectPlans"], selection).quote
        return selected

    def share_link(self) -> offers.ShareLink:
        request = offers.CreateShareLinkRequest(idempotency_key=new_key(), quote_id=self.quote().quote_id)
        link: offers.ShareLink = self.ask(QUOTE["CreateShareLink"], request).link
        return link

    def draft(self) -> application_pb2.Application:
        """An application that can be submitted."""
        if not self._ready:
            engine = create_engine(make_url(self._suite.databases["enrollment"]).set(drivername="postgresql+psycopg2"))
            with engine.begin() as connection:
                self._ready.extend(copy_application(connection, self.model["record_number"], COPIES))
            engine.dispose()
        return self.application(self._ready.popleft())

    def application(self, record_number: str) -> application_pb2.Application:
        request = enrollment.GetApplicationRequest(record_number=record_number)
        found: application_pb2.Application = self.ask(ENROLLMENT["GetApplication"], request).application
        return found

    def submitted(self, *, ahead: bool = False) -> str:
        """The record number of one whose coverage has begun, or is still ahead."""
        app = self.draft()
        number = app.record_number
        if ahead:
            offered = self.ask(
                ENROLLMENT["ListEffectiveDates"], enrollment.ListEffectiveDatesRequest(record_number=number)
            )
            last = max(one.effective_date for one in offered.options)
            chosen = enrollment.SetEffectiveDateRequest(record_number=number, version=app.version, effective_date=last)
            self.ask(ENROLLMENT["SetEffectiveDate"], chosen)
        request = enrollment.SubmitApplicationRequest(idempotency_key=new_key(), record_number=number)
        self.ask(ENROLLMENT["SubmitApplication"], request)
        self._wait(lambda: self.application(number).status == application_pb2.APPLICATION_STATUS_SUBMITTED)
        return number

    def printed(self) -> str:
        """The record number of a submitted application with its PDF."""
        number = self.submitted()

        def is_there() -> bool:
            request = documents.GetApplicationPdfRequest(record_number=number)
            try:
                return bool(self.ask(DOCUMENTS["GetApplicationPdf"], request).content)
            except Conflict:
                return False

        self._wait(is_there)
        return number

    def paid_with_autopay(self) -> str:
        number = self.submitted()
        request = payment.CreatePaymentLinkRequest(record_number=number)
        link = self.ask(PAYMENT["CreatePaymentLink"], request).url
        with httpx.Client(timeout=PATIENCE_SECONDS) as browser:
            start = browser.get(link, follow_redirects=True)
            form = {"csrf_token": _find(_TOKEN, start.text), **_AUTOPAY}
            review = browser.post(str(start.url), data=form, follow_redirects=True)
            agreed = {"csrf_token": _find(_TOKEN, review.text), "agree": "yes"}
            browser.post(f"{str(start.url).rstrip('/')}/submit", data=agreed)
        found = payment.GetPaymentRequest(record_number=number)
        self._wait(lambda: self.ask(PAYMENT["GetPayment"], found).payment.HasField("autopay"))
        return number

    def sent_review(self) -> tuple[client_review_pb2.ClientReview, str]:
        """A review that nobody opened yet, and its token."""
        request = client_review_pb2.SendForReviewRequest(
            idempotency_key=new_key(), record_number=self.draft().record_number, language="en"
        )
        sent = self.ask(ENROLLMENT["SendForReview"], request)
        return sent.review, sent.url.rpartition("/")[2]

    def review(self) -> Review:
        sent, token = self.sent_review()
        proof = client_review_pb2.OpenReviewRequest(token=token, date_of_birth="1987-06-14", last_name="Sample")
        access = self.ask(ENROLLMENT["OpenReview"], proof, GATEWAY).access
        credentials = client_review_pb2.ReviewAccess(token=token, access=access)
        shown = self.ask(ENROLLMENT["ReadReview"], client_review_pb2.ReadReviewRequest(review=credentials), GATEWAY)
        return Review(sent.record_number, sent.review_id, token, access, shown.sha256, shown.sections[0].key)

    def marked_review(self) -> Review:
        """With something that the client says is wrong."""
        review = self.review()
        self.ask(ENROLLMENT["SaveReviewRemark"], self.remark(review), GATEWAY)
        return review

    def signed_review(self) -> Review:
        review = self.review()
        self.ask(ENROLLMENT["SignReview"], self.signature(review), GATEWAY)
        return review

    @staticmethod
    def remark(review: Review) -> client_review_pb2.SaveReviewRemarkRequest:
        return client_review_pb2.SaveReviewRemarkRequest(
            review=review.credentials, section=review.section, remark="This is not right."
        )

    @staticmethod
    def signature(review: Review) -> client_review_pb2.SignReviewRequest:
        return client_review_pb2.SignReviewRequest(
            review=review.credentials, sha256=review.sha256, language="en", signature="Ada Sample", agreed=True
        )

    def client_id(self) -> str:
        found = self.ask(ENROLLMENT["SearchClients"], client_search())
        return str(found.clients[0].client_id)

    def _wait(self, done: Callable[[], bool]) -> None:
        give_up = time.monotonic() + PATIENCE_SECONDS
        while not done():
            if time.monotonic() > give_up:
                raise TimeoutError("what was prepared did not become ready")
            time.sleep(0.1)


def client_search() -> enrollment.SearchClientsRequest:
    return enrollment.SearchClientsRequest(name="Sample", date_of_birth="1987-06-14")


def blank_pdf() -> bytes:
    writer, out = PdfWriter(), io.BytesIO()
    writer.add_blank_page(612, 792)
    writer.write(out)
    return out.getvalue()
