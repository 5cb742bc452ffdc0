"""Domain: the two numbers of an application, which advance together (R103, R104)."""

from __future__ import annotations

from dataclasses import dataclass

# Both known pairs differ by this much: A-0616 is 1221, A-0638 is 1243.
CLIENT_APP_ID_OFFSET = 605


@dataclass(frozen=True, slots=True)
class Identifiers:
    """``number`` comes from one counter, one for each application."""

    number: int

    @property
    def record_number(self) -> str:
        """At least four digits; goes on past A-9999."""
        return f"A-{self.number:04d}"

    @property
    def client_app_id(self) -> int:
        return self.number + CLIENT_APP_ID_OFFSET
