"""Page: turns payments into pages."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date
from functools import cache
from pathlib import Path
from typing import Any
from urllib.parse import quote

from jinja2 import Environment, FileSystemLoader, StrictUndefined, pass_context
from jinja2.runtime import Context
from starlette.responses import HTMLResponse

from chassis.kernel import Money, Problem
from services.payment.domain.attempt import AccountType, Payer
from services.payment.domain.payment import Payment
from services.payment.page.handoff_pages import HandoffPages
from services.payment.page.http import content_policy, origin_of
from services.payment.page.language import CODES, DEFAULT, Language, get_language
from services.payment.usecases.one_time_secrets import create_form_token
from services.payment.usecases.page_visits import PageVisit
from services.payment.usecases.ports import HandoffForm

HERE = Path(__file__).parent


def format_dollars(amount: Money) -> str:
    return f"${amount.dollars:,.2f}"


@dataclass(frozen=True)
class Views:
    """The page's templates, with what every one of them shows."""

    portal_url: str
    # The carrier's name by state (R112).
    carriers: Mapping[str, str]
    # Empty: nobody is named.
    help_line: str
    pages: HandoffPages = field(default_factory=HandoffPages)
    language: Language = field(default_factory=lambda: get_language(DEFAULT))
    # The page to come back to when another language is chosen.
    here: str = "/pay"

    def in_language(self, language: Language, here: str) -> Views:
        return replace(self, language=language, here=here)

    def application_url(self, record_number: str) -> str:
        """Application details, where a payer goes afterwards (R93). From configuration, never from a request."""
        return f"{self.portal_url.rstrip('/')}/applications/{quote(record_number, safe='')}"

    def form(self, visit: PageVisit, session_secret: str, today: date) -> HTMLResponse:
        """Make a Payment. Choices and the name on the account are filled in again, never a number."""
        return self._page(
            "pay.html",
            200,
            **self._values_of(visit.payment),
            **_told(visit.draft.problems),
            today=today,
            begun_elsewhere=visit.begun_elsewhere,
            chosen=defaultdict(str, visit.draft.choices),
            payers=list(Payer),
            account_types=list(AccountType),
            csrf_token=create_form_token(session_secret),
        )

    def review(
        self, visit: PageVisit, session_secret: str, today: date, problems: Sequence[Problem] = ()
    ) -> HTMLResponse:
        return self._page(
            "review.html",
            200,
            **self._values_of(visit.payment),
            **_told(problems),
            attempt=visit.attempt,
            today=today,
            csrf_token=create_form_token(session_secret),
        )

    def continue_elsewhere(self, visit: PageVisit, name: str, form: HandoffForm) -> HTMLResponse:
        """The way to another's page. Its form may be posted there and nowhere else."""
        response = self._page(
            "continue.html", 200, **self._values_of(visit.payment), attempt=visit.attempt, form=form, name=name
        )
        response.headers["Content-Security-Policy"] = content_policy(origin_of(form.action))
        return response

    def outcome(self, visit: PageVisit) -> HTMLResponse:
        """What there is to see when nothing can be paid: sent, or paid."""
        return self._page("outcome.html", 200, **self._values_of(visit.payment))

    def message(self, title: str, text: str, status: int) -> HTMLResponse:
        """``title`` is a key of the catalogues, ``text`` a sentence in English."""
        return self._page("message.html", status, carrier="", title=title, text=text)

    def terms(self, *, paying: bool) -> HTMLResponse:
        """With the way back for somebody who is about to pay."""
        return self._page("terms.html", 200, carrier="", paying=paying)

    def language_assistance(self, *, paying: bool) -> HTMLResponse:
        """As of the terms."""
        languages = [get_language(code) for code in CODES]
        return self._page("language.html", 200, carrier="", paying=paying, languages=languages)

    def _values_of(self, payment: Payment) -> dict[str, Any]:
        page = self.pages.find_page(payment)
        return {
            "payment": payment,
            "destination": page.name if page else "",
            "sandbox": page is None,
            "carrier": self.carriers.get(payment.terms.state, ""),
            "application_url": self.application_url(payment.record_number),
        }

    def _page(self, template: str, status: int, **values: Any) -> HTMLResponse:
        shared = {
            "language": self.language,
            "t": self.language.text,
            "others": [get_language(code) for code in CODES if code != self.language.code],
            "here": self.here,
            "help_line": self.help_line,
            "portal_url": self.portal_url,
            "sandbox": self.pages.processor is None,
        }
        headers = {"Content-Language": self.language.code, "Vary": "Cookie, Accept-Language"}
        return HTMLResponse(_environment().get_template(template).render({**shared, **values}), status, headers)


@cache
def _environment() -> Environment:
    environment = Environment(
        loader=FileSystemLoader(HERE / "templates"),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    environment.filters |= {"dollars": format_dollars, "translate": _translate}
    return environment


@pass_context
def _translate(context: Context, sentence: str) -> str:
    language: Language = context["language"]
    return language.translate(sentence)


def _told(problems: Sequence[Problem]) -> dict[str, Any]:
    """The mistakes for the summary, and by field for the places beside them."""
    return {"problems": problems, "mistakes": {problem.field: problem.message for problem in problems}}
