"""Page: what a payer can do: come in, enter, review, submit, cancel."""

from __future__ import annotations

import asyncio
from dataclasses import dataclass
from datetime import date

from starlette.concurrency import run_in_threadpool
from starlette.requests import Request
from starlette.responses import RedirectResponse, Response

from chassis.kernel import Clock, InvalidInput, Problem, Unavailable, business_date
from services.payment.domain.attempt import AttemptStatus
from services.payment.domain.payment import Payment, PaymentStatus
from services.payment.page.forms import (
    AGREEMENT_MISSING,
    find_problems,
    has_agreed,
    keep_choices,
    read_payer,
    read_payment_entry,
)
from services.payment.page.handoff_pages import HandoffPages
from services.payment.page.http import SessionCookie, is_probe, read_form
from services.payment.page.language import CODES, language_of, remember_language
from services.payment.page.views import Views
from services.payment.usecases.cancel_payment import CancelPayment
from services.payment.usecases.hand_over_payment import HandOverPayment
from services.payment.usecases.open_page_session import OpenPageSession
from services.payment.usecases.page_visits import PageExpired, PageVisit
from services.payment.usecases.ports import FormDraft
from services.payment.usecases.resume_page_session import ResumePageSession
from services.payment.usecases.review_payment import ReviewPayment
from services.payment.usecases.save_form_draft import SaveFormDraft
from services.payment.usecases.submit_payment import SubmitPayment

# Most processors answer within a second or two: waiting so long spares the payer a "pending" on the next page.
OUTCOME_LOOKS, LOOK_EVERY_SECONDS = 10, 0.2


@dataclass(frozen=True, slots=True)
class PaymentEndpoints:
    """The page's endpoints; use cases run in threads, since they wait for the database and the processor."""

    open_session: OpenPageSession
    resume_session: ResumePageSession
    save_draft: SaveFormDraft
    review_payment: ReviewPayment
    submit_payment: SubmitPayment
    cancel_payment: CancelPayment
    hand_over: HandOverPayment
    pages: HandoffPages
    views: Views
    cookie: SessionCookie
    clock: Clock

    async def enter(self, request: Request) -> Response:
        if is_probe(request):
            return Response(status_code=405, headers={"Allow": "GET"})
        secret = await run_in_threadpool(self.open_session, request.path_params["token"])
        response = _see_other("/pay")
        self.cookie.set(response, secret)
        return response

    async def form(self, request: Request) -> Response:
        secret, visit = await self._visit(request)
        if visit.handed_over:
            return _see_other("/pay/continue")
        if not visit.may_pay:
            return self._views(request).outcome(visit)
        return self._views(request).form(visit, secret, self._today(visit.payment))

    async def enter_details(self, request: Request) -> Response:
        """A redirect, also to what is wrong, so that Back and a reload send nothing again."""
        secret, visit = await self._visit(request)
        fields = await read_form(request, secret)
        page = self.pages.find_page(visit.payment)
        problems: tuple[Problem, ...] = ()
        onward = "/pay/review" if page is None else "/pay/continue"
        try:
            if page is not None:
                await run_in_threadpool(self.hand_over, visit, read_payer(fields), page.kind)
            else:
                entry = read_payment_entry(fields, self._today(visit.payment))
                await run_in_threadpool(self.review_payment, visit, entry)
        except (InvalidInput, Unavailable) as error:
            problems, onward = error.problems or (Problem("", error.message),), "/pay"
        await run_in_threadpool(self.save_draft, visit, secret, FormDraft(keep_choices(fields), problems))
        return _see_other(onward)

    async def choose_language(self, request: Request) -> Response:
        """By the form itself, so that what was chosen there is kept, and of what was refused what is still wrong."""
        secret, visit = await self._visit(request)
        fields = await read_form(request, secret)
        here = self.pages.find_page(visit.payment) is None
        wrong = {one.field for one in find_problems(fields, self._today(visit.payment), here=here)}
        left = tuple(one for one in visit.draft.problems if not one.field or one.field in wrong)
        await run_in_threadpool(self.save_draft, visit, secret, FormDraft(keep_choices(fields), left))
        response = _see_other("/pay")
        if (code := request.path_params["code"]) in CODES:
            remember_language(response, code, https=self.cookie.https)
        return response

    async def continue_elsewhere(self, request: Request) -> Response:
        """The form that takes the payer to another's page; each view has one of its own, good for one use."""
        _, visit = await self._visit(request)
        page, attempt = self.pages.find_page(visit.payment), visit.handed_over
        if page is None or attempt is None:
            return _see_other("/pay")
        back = self.views.application_url(visit.payment.record_number)
        form = await run_in_threadpool(page.make_form, visit.payment, attempt, back)
        return self._views(request, "/pay/continue").continue_elsewhere(visit, page.name, form)

    async def review(self, request: Request) -> Response:
        secret, visit = await self._visit(request)
        if not visit.payment.is_payable:
            return self._views(request).outcome(visit)
        if visit.attempt is None or visit.attempt.status is not AttemptStatus.DRAFT:
            return _see_other("/pay")
        problems = (AGREEMENT_MISSING,) if request.query_params.get("check") == "agree" else ()
        return self._views(request, "/pay/review").review(visit, secret, self._today(visit.payment), problems)

    async def submit(self, request: Request) -> Response:
        secret, visit = await self._visit(request)
        fields = await read_form(request, secret)
        if not has_agreed(fields):
            return _see_other("/pay/review?check=agree")
        await run_in_threadpool(self.submit_payment, visit)
        await self._wait_for_outcome(secret)
        return _see_other(self.views.application_url(visit.payment.record_number))

    async def cancel(self, request: Request) -> Response:
        secret, visit = await self._visit(request)
        await read_form(request, secret)
        await run_in_threadpool(self.cancel_payment, visit)
        response = _see_other(self.views.application_url(visit.payment.record_number))
        self.cookie.drop(response)
        return response

    async def _visit(self, request: Request) -> tuple[str, PageVisit]:
        secret = self.cookie.read(request)
        return secret, await run_in_threadpool(self.resume_session, secret)

    async def _wait_for_outcome(self, secret: str) -> None:
        for _ in range(OUTCOME_LOOKS):
            try:
                visit = await run_in_threadpool(self.resume_session, secret)
            except PageExpired:
                return  # the session ended meanwhile; the payment is on its way all the same
            if visit.payment.status is not PaymentStatus.PENDING:
                return
            await asyncio.sleep(LOOK_EVERY_SECONDS)

    def _views(self, request: Request, here: str = "/pay") -> Views:
        return self.views.in_language(language_of(request), here)

    def _today(self, payment: Payment) -> date:
        return business_date(self.clock.now(), payment.terms.state)


def _see_other(url: str) -> Response:
    return RedirectResponse(url, 303)
