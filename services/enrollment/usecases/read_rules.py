"""Use case: what the form of a state offers, asks, shows and locks today."""

from __future__ import annotations

from dataclasses import dataclass

from chassis.kernel import InvalidInput, business_date, must_be_served, must_be_served_in
from services.enrollment.domain.rule_pack import Circumstances, RulePack
from services.enrollment.usecases.application_service import ApplicationService


@dataclass(frozen=True, slots=True)
class ReadRules:
    service: ApplicationService

    def __call__(self, state: str, version: str) -> Circumstances:
        """``version`` empty: the pack for an application that starts today."""
        must_be_served(state, "state")
        today = business_date(self.service.now(), state)
        pack = self._find_pack(version) if version else self.service.rulebook.on(today)
        must_be_served_in(state, pack.plan_year, "state", "Ask again when its open enrollment begins.")
        return Circumstances(today, pack)

    def _find_pack(self, version: str) -> RulePack:
        try:
            return self.service.rulebook.version(version)
        except LookupError:
            message = "Send the rule_pack of an application, or leave it out for an application that starts today."
            raise InvalidInput.at("rule_pack", message) from None
