"""Domain: a rule pack, the dated and versioned rules that judge an application (read by ``rulebook``)."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, timedelta

from services.enrollment.domain.dates import first_of_next_month
from services.enrollment.domain.enums import FormType, Relationship
from services.enrollment.domain.form_rules import Disclosure, IdentifierFormat, QsehraCap
from services.enrollment.domain.household_rule import HouseholdRule
from services.enrollment.domain.life_event_rule import CarrierOption, LifeEventRule
from services.enrollment.domain.open_enrollment import OpenEnrollment, StateExchange
from services.enrollment.domain.self_identification import IdentityScheme


@dataclass(frozen=True, slots=True)
class RulePack:
    """``version`` is stored with every application that it judged; ``valid_from`` is the first day of its use."""

    version: str
    plan_year: int
    valid_from: date
    open_enrollment: tuple[OpenEnrollment, ...]
    exchanges: tuple[StateExchange, ...]
    life_events: Mapping[str, LifeEventRule]
    # By name; what is taken is in the life events already.
    carrier_options: Mapping[str, CarrierOption]
    # Kind of document -> what a person calls it.
    proofs: Mapping[str, str]
    disclosures: Mapping[str, Disclosure]
    # The states in which the question on coverage replacement does not show, by form type (R78).
    coverage_replacement_hidden: Mapping[FormType, tuple[str, ...]]
    identifiers: tuple[IdentifierFormat, ...]
    relationships: Mapping[Relationship, str]
    # Whom to ask when no life event fits (R31), as a sentence.
    life_event_help: str
    # Drafts from their start, failed applications from the failed submission (R105).
    expiry_days: int
    # The first payment: after the effective date, or after submission where coverage began before it (rules.md 6).
    first_payment_days: int
    # From the submission to the day on which proof of its life event is due.
    proof_days: int
    # Tobacco use is asked of people of this age and older (R58).
    tobacco_age: int
    # Ages of children and spouses, and whom a life event brings (R61c).
    household: HouseholdRule
    # Sets of categories that are offered for language, ethnicity and identity, the newest last (R54-R57).
    identity_schemes: tuple[IdentityScheme, ...]
    # Yearly caps of a QSEHRA by the year of coverage (rules.md 7).
    qsehra_caps: Mapping[int, QsehraCap]
    # Parts that the operator laid over those of the release: "open_enrollment.2".
    laid_over: tuple[str, ...] = ()

    def name_rule(self, name: str) -> str:
        """What an effective date says that it was given by: "birth@2026.1", with the operator's parts behind it."""
        return "+".join((f"{name}@{self.version}", *self.laid_over))

    def latest_start(self, today: date) -> date:
        """After every day on which coverage of a draft can begin: plans are selected while the draft lives, and the
        month after an event that is still to come starts last.
        """
        days_before = max((event.days_before for event in self.life_events.values()), default=0)
        return first_of_next_month(today + timedelta(days=self.expiry_days + days_before))

    def qsehra_cap(self, year: int) -> QsehraCap | None:
        """The cap of a year, or of the last year before it that is known."""
        return next(
            (self.qsehra_caps[known] for known in sorted(self.qsehra_caps, reverse=True) if known <= year), None
        )

    def shows_coverage_replacement(self, state: str, form_type: FormType) -> bool:
        return state not in self.coverage_replacement_hidden.get(form_type, ())

    def identifier(self, name: str, state: str) -> IdentifierFormat:
        """The state's own format, or else the one of all other states."""
        named = [one for one in self.identifiers if one.name == name]
        own = [one for one in named if state in one.states]
        return (own or [one for one in named if not one.states])[0]

    def exchange(self, state: str) -> StateExchange:
        """Of the pack's plan year."""
        own = [one for one in self.exchanges if one.state == state and one.from_plan_year <= self.plan_year]
        return max(own, key=lambda one: one.from_plan_year)

    def window_on(self, state: str, day: date) -> OpenEnrollment | None:
        """The open enrollment window that is open in a state on a day."""
        for window in self.open_enrollment:
            if state in window.states and window.first_day <= day <= window.last_day:
                return window
        return None

    def nearest_window(self, state: str, day: date) -> OpenEnrollment | None:
        """The window that opens next, or else the one that closed last: for explanations."""
        own = sorted((w for w in self.open_enrollment if state in w.states), key=lambda w: w.first_day)
        return next((w for w in own if w.last_day >= day), own[-1] if own else None)


@dataclass(frozen=True, slots=True)
class Circumstances:
    """What an application is judged by: the business date in its state, and its rule pack."""

    today: date
    pack: RulePack
