"""Contract: a rule pack as it holds in one state today, as proto messages."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import timedelta

from suite.enrollment.v1 import rules_pb2 as pb

from services.enrollment.domain.checks.general import MOST_EVENTS
from services.enrollment.domain.checks.people import MOST_PEOPLE
from services.enrollment.domain.life_event_rule import LifeEventRule
from services.enrollment.domain.rule_pack import Circumstances, RulePack
from services.enrollment.domain.self_identification import IdentityScheme
from services.enrollment.domain.vocabulary import FormType, Relationship
from services.enrollment.wire.values import iso
from services.enrollment.wire.words import number

_IDENTIFIERS = ("writing_number", "pcp_id", "medical_group_id")


def rules(state: str, c: Circumstances) -> pb.EnrollmentRules:
    pack, exchange = c.pack, c.pack.exchange(state)
    return pb.EnrollmentRules(
        state=state,
        rule_pack=pack.version,
        plan_year=pack.plan_year,
        today=iso(c.today),
        open_enrollment=_window(state, c),
        special_enrollment_locked=pack.window_on(state, c.today) is None,
        life_events=[_life_event(rule, state, c) for rule in pack.life_events.values()],
        most_life_events=MOST_EVENTS,
        life_event_help=pack.life_event_help,
        child_until=pack.household.child_until,
        spouse_from=pack.household.spouse_from,
        form_types=[
            pb.FormTypeRules(form_type=number(form), coverage_replacement=pack.shows_coverage_replacement(state, form))
            for form in FormType
        ],
        disclosures=_disclosures(state, pack),
        identifiers=[_identifier(name, state, pack) for name in _IDENTIFIERS],
        relationships=_choices(pack.relationships),
        default_relationship=Relationship.CHILD,
        most_people=MOST_PEOPLE,
        tobacco_age=pack.tobacco_age,
        expiry_days=pack.expiry_days,
        proof_days=pack.proof_days,
        identity_schemes=[_categories(scheme) for scheme in pack.identity_schemes],
        exchange=pb.ExchangeInfo(target=exchange.target, name=exchange.name),
    )


def _window(state: str, c: Circumstances) -> pb.OpenEnrollmentWindow | None:
    window = c.pack.nearest_window(state, c.today)
    if window is None:
        return None
    return pb.OpenEnrollmentWindow(
        plan_year=window.plan_year,
        first_day=iso(window.first_day),
        last_day=iso(window.last_day),
        open=window.first_day <= c.today <= window.last_day,
        starts=[
            pb.OpenEnrollmentStart(selected_until=iso(one.selected_until), effective_date=iso(one.effective_date))
            for one in window.starts
        ],
        announced=window.announced,
        last_checked=iso(window.last_checked),
        sources=window.sources,
    )


def _life_event(rule: LifeEventRule, state: str, c: Circumstances) -> pb.LifeEventRule:
    return pb.LifeEventRule(
        kind=rule.kind,
        label=rule.label,
        date_hint=rule.date_hint,
        days_before=rule.days_before,
        days_after=rule.days_after,
        earliest_date=iso(c.today - timedelta(rule.days_after)) if rule.off_exchange else "",
        latest_date=iso(c.today + timedelta(rule.days_before)) if rule.off_exchange else "",
        off_exchange=rule.off_exchange,
        hint=rule.hint.format(exchange=c.pack.exchange(state).name),
        prior_coverage=rule.prior_coverage,
        proofs=_choices({kind: c.pack.proofs[kind] for kind in rule.proofs}),
    )


def _disclosures(state: str, pack: RulePack) -> list[pb.Disclosure]:
    return [
        pb.Disclosure(kind=one.kind, title=one.title, version=one.current, versions=one.versions, rule=one.rule)
        for one in pack.disclosures.values()
        if one.holds_in(state)
    ]


def _identifier(name: str, state: str, pack: RulePack) -> pb.IdentifierFormat:
    found = pack.identifier(name, state)
    return pb.IdentifierFormat(name=name, label=found.label, digits=found.digits or 0)


def _categories(scheme: IdentityScheme) -> pb.IdentityCategories:
    return pb.IdentityCategories(
        scheme=scheme.scheme,
        languages=_choices(scheme.languages),
        ethnicities=_choices(scheme.ethnicities),
        identities=_choices(scheme.identities),
    )


def _choices(words: Mapping[str, str] | Mapping[Relationship, str]) -> list[pb.Choice]:
    return [pb.Choice(code=code, label=label) for code, label in words.items()]
