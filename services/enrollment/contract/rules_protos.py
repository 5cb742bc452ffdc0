"""Contract: a rule pack as it holds in one state today, as proto messages."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, timedelta

from suite.enrollment.v1 import rules_pb2 as pb
from suite.enrollment.v1 import steps_pb2

from chassis.bounds import bounds_of
from chassis.mapping import REST, ToProto
from services.enrollment.domain.enums import FormType, Relationship
from services.enrollment.domain.form_rules import Disclosure
from services.enrollment.domain.life_event_rule import LifeEventRule
from services.enrollment.domain.open_enrollment import OpenEnrollment
from services.enrollment.domain.proposed_effective_date import (
    ProposedEffectiveDate,
    explain_effective_date,
    propose_effective_date,
)
from services.enrollment.domain.rule_pack import Circumstances, RulePack
from services.enrollment.domain.self_identification import IdentityScheme
from services.enrollment.wire.enums import enum_to_proto
from services.enrollment.wire.values import format_iso

_IDENTIFIERS = ("writing_number", "pcp_id", "medical_group_id")


def _most(step: str, field: str) -> int:
    """How many items the contract takes in a list of a step."""
    bounds = bounds_of(steps_pb2.DESCRIPTOR.message_types_by_name[step].fields_by_name[field])
    return bounds.max_items or 0 if bounds else 0


def rules_to_proto(state: str, c: Circumstances, effective_date: date | None) -> pb.EnrollmentRules:
    """``effective_date``: a first day of coverage that is considered."""
    pack, exchange = c.pack, c.pack.exchange(state)
    return pb.EnrollmentRules(
        state=state,
        rule_pack=pack.version,
        plan_year=pack.plan_year,
        today=format_iso(c.today),
        open_enrollment=_window(state, c),
        special_enrollment_locked=pack.window_on(state, c.today) is None,
        life_events=[_life_event(rule, state, c) for rule in pack.life_events.values()],
        most_life_events=_most("GeneralStep", "life_events"),
        life_event_help=pack.life_event_help,
        child_until=pack.household.child_until,
        spouse_from=pack.household.spouse_from,
        form_types=[
            pb.FormTypeRules(
                form_type=enum_to_proto(form), coverage_replacement=pack.shows_coverage_replacement(state, form)
            )
            for form in FormType
        ],
        disclosures=_disclosures(state, pack),
        identifiers=[_identifier(name, state, pack) for name in _IDENTIFIERS],
        relationships=_choices(pack.relationships),
        default_relationship=Relationship.CHILD,
        most_people=_most("HouseholdStep", "people"),
        tobacco_age=pack.tobacco_age,
        expiry_days=pack.expiry_days,
        proof_days=pack.proof_days,
        identity_schemes=[_categories(scheme) for scheme in pack.identity_schemes],
        exchange=pb.ExchangeInfo(target=exchange.target, name=exchange.name),
        proposed_effective_date=_proposed(propose_effective_date(state, c)),
        effective_date_notice=explain_effective_date(effective_date, state, c) if effective_date else "",
    )


_proposed = ToProto(ProposedEffectiveDate, pb.ProposedEffectiveDate)
_open_enrollment = ToProto(OpenEnrollment, pb.OpenEnrollmentWindow, at_call=("open",), unsent=("states",))
_rule = ToProto(
    LifeEventRule, pb.LifeEventRule, at_call=("earliest_date", "latest_date", "hint", "proofs"), unsent=REST
)
_disclosure = ToProto(Disclosure, pb.Disclosure, version="current", unsent=("states",))


def _window(state: str, c: Circumstances) -> pb.OpenEnrollmentWindow | None:
    window = c.pack.nearest_window(state, c.today)
    if window is None:
        return None
    return _open_enrollment(window, open=window.first_day <= c.today <= window.last_day)


def _life_event(rule: LifeEventRule, state: str, c: Circumstances) -> pb.LifeEventRule:
    return _rule(
        rule,
        earliest_date=format_iso(c.today - timedelta(rule.days_after)) if rule.off_exchange else "",
        latest_date=format_iso(c.today + timedelta(rule.days_before)) if rule.off_exchange else "",
        hint=rule.hint.format(exchange=c.pack.exchange(state).name),
        proofs=_choices({kind: c.pack.proofs[kind] for kind in rule.proofs}),
    )


def _disclosures(state: str, pack: RulePack) -> list[pb.Disclosure]:
    return [_disclosure(one) for one in pack.disclosures.values() if one.holds_in(state)]


def _identifier(name: str, state: str, pack: RulePack) -> pb.IdentifierFormat:
    found = pack.identifier(name, state)
    return pb.IdentifierFormat(name=name, label=found.label, digits=found.digits or 0)


def _choices(words: Mapping[str, str] | Mapping[Relationship, str]) -> list[pb.Choice]:
    return [pb.Choice(code=code, label=label) for code, label in words.items()]


_categories = ToProto(
    IdentityScheme,
    pb.IdentityCategories,
    languages=lambda scheme: _choices(scheme.languages),
    ethnicities=lambda scheme: _choices(scheme.ethnicities),
    identities=lambda scheme: _choices(scheme.identities),
)
