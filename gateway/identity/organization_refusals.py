"""Why somebody who comes back from the organization's provider is not signed in."""

from __future__ import annotations

import re
from enum import StrEnum

from chassis.kernel import Unauthenticated

# As RFC 6749 (4.1.2.1, 5.2) and OpenID Connect spell them.
_ERROR_CODE = re.compile(r"[a-z_]{1,40}")


class Refusal(StrEnum):
    """What the person is told; ``gateway.pages.organization_sign_in`` has the words."""

    # Too late, a second time, or in another browser than it was begun in.
    LATE = "late"
    # The provider said no, or the person did.
    DECLINED = "declined"
    # The provider does not answer, or with something that is no answer.
    AWAY = "away"
    # An answer that proves nothing.
    UNTRUSTED = "untrusted"
    # No account here, or a disabled one.
    UNKNOWN = "unknown"
    # None of the roles of the portal, or several.
    NO_ROLE = "no_role"
    # Another role than before, while the account has what belongs to that one.
    CHANGED_ROLE = "changed_role"


class OrganizationRefused(Unauthenticated):
    """``detail``: for the log, a few fixed words. ``next_path``: where the person wanted to go."""

    def __init__(self, refusal: Refusal, detail: str = "") -> None:
        super().__init__("Nobody was signed in.", code=f"organization_{refusal.value}")
        self.refusal = refusal
        self.detail = detail
        self.next_path = "/"


def describe_error(code: object) -> str:
    """An error code of the provider's for the log; whatever else stands in its place is kept out."""
    return code if isinstance(code, str) and _ERROR_CODE.fullmatch(code) else "error"
