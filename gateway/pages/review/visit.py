"""One client's request: link, access, language; what the services are asked in its name."""

from __future__ import annotations

import hashlib
import hmac
from collections.abc import Mapping
from typing import Any

from starlette.datastructures import FormData
from starlette.requests import Request
from starlette.responses import Response
from suite.enrollment.v1 import client_review_pb2 as pb

from chassis.form_words import LANGUAGES
from chassis.kernel import Forbidden
from gateway.edge.context import GatewayContext, get_gateway
from gateway.edge.csrf import require_same_origin
from gateway.edge.middleware import UNLISTED
from gateway.edge.rpcs import ENROLLMENT
from gateway.pages.render import MAX_FIELDS, read_text, redirect_to, render_page
from gateway.pages.review.page_texts import PageTexts, texts_in
from gateway.user import GATEWAY

ACCESS_ENDED = "review_access_ended"
_LANGUAGE_COOKIE = "review_language"


class Visit:
    """What one request brings along. The access is a cookie of its own: that of a producer is neither read nor set."""

    def __init__(self, request: Request) -> None:
        self.request = request
        self.token: str = request.path_params["token"]
        self.access = request.cookies.get(_cookie(self.gateway, "review"), "")
        self.shown = request.cookies.get(_cookie(self.gateway, "review_shown"), "")
        self.asked_language = request.query_params.get("lang", "")
        self.sentences = self._sentences("")
        request.state.session = None  # the same page for everybody, signed in or not

    @property
    def gateway(self) -> GatewayContext:
        return get_gateway(self.request)

    @property
    def path(self) -> str:
        return f"/review/{self.token}"

    @property
    def credentials(self) -> pb.ReviewAccess:
        return pb.ReviewAccess(token=self.token, access=self.access)

    @property
    def form_token(self) -> str:
        """What a form has to carry: nobody without the cookie can compute it."""
        return hmac.new(self.access.encode(), b"review form", hashlib.sha256).hexdigest()

    def speak(self, language: str) -> None:
        """The link's own language, unless the client has chosen one."""
        self.sentences = self._sentences(language)

    def _sentences(self, language: str) -> PageTexts:
        chosen = self.asked_language, self.request.cookies.get(_LANGUAGE_COOKIE, ""), language
        accepted = self.request.headers.get("accept-language", "")[:2].lower()
        return texts_in(*chosen, accepted)

    async def form(self) -> FormData:
        """The fields of a form of an opened link; Forbidden when it has to be opened again, or was made elsewhere."""
        fields = await self.unprotected_form()
        if not self.access:
            raise Forbidden("Please answer the question again.", code=ACCESS_ENDED)
        if not hmac.compare_digest(self.form_token.encode(), read_text(fields, "csrf").encode()):
            raise Forbidden("This form is out of date. Please reload the page and try again.", code="stale_form")
        return fields

    async def unprotected_form(self) -> FormData:
        require_same_origin(self.request, self.gateway.settings.origin)
        return await self.request.form(max_files=0, max_fields=MAX_FIELDS)

    async def find_link(self) -> pb.OpenReviewResponse:
        """Which proof the link asks for; NotFound when it does not work."""
        found = await self.open(pb.OpenReviewRequest(token=self.token))
        self.speak(found.language)
        return found

    async def open(self, proof: pb.OpenReviewRequest) -> pb.OpenReviewResponse:
        services = self.gateway.services
        return await services.ask(ENROLLMENT["OpenReview"], proof, pb.OpenReviewResponse, GATEWAY)

    async def read(self) -> pb.ReadReviewResponse:
        return await self.gateway.services.ask(
            ENROLLMENT["ReadReview"],
            pb.ReadReviewRequest(review=self.credentials),
            pb.ReadReviewResponse,
            GATEWAY,
        )

    async def page(self, template: str, context: Mapping[str, Any] | None = None, status: int = 200) -> Response:
        say = self.sentences
        shared = {"say": say.say, "t": say, "visit": self, "csrf_token": self.form_token if self.access else ""}
        response = await render_page(
            self.request, f"review/{template}", {**shared, **(context or {})}, status, UNLISTED
        )
        return self._remember_language(response)

    def redirect(self, rest: str = "") -> Response:
        response = redirect_to(f"{self.path}{rest}")
        response.headers.update(UNLISTED)
        return self._remember_language(response)

    def set_cookie(self, response: Response, name: str, value: str) -> None:
        """The browser forgets it when it closes; the access itself ends after an hour."""
        secure = self.gateway.settings.secure
        name = _cookie(self.gateway, name)
        response.set_cookie(name, value, path="/", secure=secure, httponly=True, samesite="lax")

    def _remember_language(self, response: Response) -> Response:
        if self.asked_language in LANGUAGES:
            secure = self.gateway.settings.secure
            response.set_cookie(
                _LANGUAGE_COOKIE, self.asked_language, path="/review", secure=secure, httponly=True, samesite="lax"
            )
        return response


def _cookie(gateway: GatewayContext, name: str) -> str:
    return f"__Host-{name}" if gateway.settings.secure else name
