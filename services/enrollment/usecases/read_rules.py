"""Use case: what the form of a state offers, asks, shows and locks today."""

from __future__ import annotations

from dataclasses import dataclass

from chassis.kernel import InvalidInput, business_date, get_markets
from services.enrollment.domain.rule_pack import Circumstances
from services.enrollment.usecases.application_service import ApplicationService


@dataclass(frozen=True, slots=True)
class ReadRules:
    service: ApplicationService

    def __call__(self, state: str, version: str) -> Circumstances:
        """``version`` empty: the pack for an application that starts today."""
        if state not in get_markets():
            raise InvalidInput.at("state", f"Choose one of the states: {get_markets().list_of_states}.", rule="R2")
        today = business_date(self.service.now(), state)
        if not version:
            return Circumstances(today, self.service.rulebook.on(today))
        try:
            return Circumstances(today, self.service.rulebook.version(version))
        except LookupError:
            message = "Send the rule_pack of an application, or leave it out for an application that starts today."
            raise InvalidInput.at("rule_pack", message) from None
