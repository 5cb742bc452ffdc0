"""The applicant on the hosted payment page: follows links and posts forms, as a browser without JavaScript does."""

from __future__ import annotations

import re
from html import unescape

import httpx

TIMEOUT_SECONDS = 20.0
_TOKEN = re.compile(r'name="csrf_token"\s+value="([^"]+)"')
_CONFIRMATION = re.compile(r"Payment Confirmation Number</dt>\s*<dd[^>]*>\s*([^<\s]+)")
_BALANCE = re.compile(r"\$[\d,]+\.\d\d")


class Payer:
    """Enters by the one-time link; everything after happens in the page's own session."""

    def __init__(self, link: str) -> None:
        self._link = link

    def pay_by_card(self, number: str) -> tuple[str, str]:
        """Pay the whole balance; gives the confirmation number and the amount as the page shows them."""
        with httpx.Client(timeout=TIMEOUT_SECONDS) as browser:
            start = browser.get(self._link, follow_redirects=True)
            start.raise_for_status()
            page = str(start.url)
            form = {
                "csrf_token": _find(_TOKEN, start.text),
                "method": "card",
                "card_number": number,
                "card_expires": "12/39",
                "card_security_code": "123",
                "payer": "family",
                "accept_terms": "yes",
            }
            review = browser.post(page, data=form, follow_redirects=True)
            review.raise_for_status()
            done = browser.post(
                f"{page.rstrip('/')}/submit", data={"csrf_token": _find(_TOKEN, review.text), "agree": "yes"}
            )
            if not done.is_redirect:
                done.raise_for_status()
                raise RuntimeError("the payment page did not send the payer back to the portal")
        return _find(_CONFIRMATION, review.text), _BALANCE.findall(unescape(start.text))[0]


def _find(pattern: re.Pattern[str], page: str) -> str:
    found = pattern.search(page)
    if found is None:
        raise RuntimeError(f"the payment page lacks {pattern.pattern}")
    return unescape(found[1])
