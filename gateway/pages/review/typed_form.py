"""A form of the review pages that was refused, or sent for another language: what was typed waits in a sealed cookie
until the page shows it again.

So that Back and a reload send nothing twice. A client has no account, so nothing of it is kept on the server.
"""

from __future__ import annotations

import base64
import hashlib
import hmac
import json
import zlib
from collections.abc import Mapping
from dataclasses import asdict, dataclass, field
from datetime import timedelta

from starlette.responses import Response

from chassis.crypto import DecryptionFailed, FieldCipher, LocalKey
from gateway.pages.review.visit import Visit

# Long enough to look up a date of birth, short enough for a telephone that is handed on.
_LIFE = timedelta(minutes=10)
_COOKIE = "review_form"
# Browsers keep 4,096 bytes of a cookie, name and attributes included (RFC 6265, 6.1).
_LARGEST = 3_800


@dataclass(frozen=True, slots=True)
class TypedForm:
    """``errors``: by the id of the element, the keys of sentences, so that another language says them, too."""

    form: str = ""
    typed: Mapping[str, str] = field(default_factory=dict, repr=False)
    errors: Mapping[str, str] = field(default_factory=dict)


def redirect_typed(visit: Visit, typed: TypedForm, rest: str = "") -> Response | None:
    """To the page that shows it; None when it is too long for a cookie."""
    sealed = _cipher(visit).seal(zlib.compress(json.dumps(asdict(typed)).encode()), "")
    value = base64.urlsafe_b64encode(sealed).decode()
    if len(value) > _LARGEST:
        return None
    response = visit.redirect(rest)
    seconds, secure = int(_LIFE.total_seconds()), visit.gateway.settings.secure
    response.set_cookie(_COOKIE, value, max_age=seconds, path=visit.path, secure=secure, httponly=True, samesite="lax")
    return response


def find_typed(visit: Visit, form: str) -> TypedForm:
    """An empty one where nothing of this form waits."""
    try:
        sealed = base64.urlsafe_b64decode(visit.request.cookies.get(_COOKIE, ""))
        found = TypedForm(**json.loads(zlib.decompress(_cipher(visit).open(sealed, ""))))
    except (ValueError, DecryptionFailed):  # none, or of another link
        return TypedForm()
    return found if found.form == form else TypedForm()


def find_errors(visit: Visit, form: str, typed: Mapping[str, str]) -> Mapping[str, str]:
    """What was wrong with the form, as long as nothing in it was changed: what is right by now is not called wrong."""
    refused = find_typed(visit, form)
    return refused.errors if refused.typed == typed else {}


def drop_shown(visit: Visit, typed: TypedForm, response: Response) -> Response:
    """The page has it now; what is wrong is said again after a reload."""
    return response if typed.errors or not typed.form else drop_typed(visit, response)


def drop_typed(visit: Visit, response: Response) -> Response:
    """The form was taken."""
    secure = visit.gateway.settings.secure
    response.delete_cookie(_COOKIE, path=visit.path, secure=secure, httponly=True, samesite="lax")
    return response


def _cipher(visit: Visit) -> FieldCipher:
    """Opens with the link alone."""
    key = hmac.new(visit.token.encode(), b"typed form", hashlib.sha256).digest()
    return FieldCipher(LocalKey(key), _COOKIE, "value")
