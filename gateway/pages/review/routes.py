"""The addresses of the client's review pages."""

from __future__ import annotations

from gateway.edge.methods import Handler
from gateway.pages.review import endpoints as review

REVIEW_ROUTES: dict[str, dict[str, Handler]] = {
    "/review/{token}": {"GET": review.show, "POST": review.prove},
    "/review/{token}/language": {"POST": review.choose_language_of_question},
    "/review/{token}/remarks": {"POST": review.mark},
    "/review/{token}/remarks/language": {"POST": review.choose_language_of_remarks},
    "/review/{token}/return": {"POST": review.give_back},
    "/review/{token}/confirm": {"POST": review.confirm},
    "/review/{token}/sign": {"GET": review.sign_form, "POST": review.sign},
    "/review/{token}/sign/language": {"POST": review.choose_language_of_signature},
    "/review/{token}/withdraw": {"POST": review.withdraw},
}
