"""Domain: who agreed to which text in which version, and when (R40, R41, R50, R51, R65, R74, R77, R82).

The server writes an acceptance when the answer behind it is saved. It lasts while its version and what it is about stay
the same; when that changes by another answer, the consent is given again or, for what has to be agreed to, withdrawn.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import date

from chassis.kernel import Caller
from services.enrollment.domain.acceptance import Acceptance
from services.enrollment.domain.application import Application
from services.enrollment.domain.enums import Authorization, Relationship, Step
from services.enrollment.domain.people import Contact
from services.enrollment.domain.rule_pack import RulePack
from services.enrollment.domain.texts import TextKind

# Pediatric dental benefits are owed to everybody under 19 (rules.md 5).
PEDIATRIC_UNTIL = 19


@dataclass(frozen=True, slots=True)
class _Consent:
    """An answer that is an acceptance; ``subject`` is what it is about."""

    kind: TextKind
    person_id: str
    version: str
    subject: tuple[object, ...] = ()


def record_consents(before: Application, after: Application, caller: Caller) -> Application:
    """``after`` with an acceptance for each of its answers; those that stay as they were keep their time and caller."""
    unchanged = set(_given(before))
    kept = {(one.kind, one.person_id): one for one in before.acceptances}

    def acceptance(given: _Consent) -> Acceptance:
        old = kept.get((given.kind, given.person_id)) if given in unchanged else None
        return old or _acceptance(given, after, caller)

    return replace(after, acceptances=tuple(acceptance(given) for given in _given(after)))


def add_contact_consents(before: Application, after: Application, caller: Caller) -> Application:
    """``after`` with an acceptance for a mobile number or an email address that is new since submission.

    Those of the submission stay: they say what was agreed to then.
    """
    own = after.household.applicant.person_id if after.household.applicant else ""
    known = set(_consents(before.contact, own))
    new = (one for one in _consents(after.contact, own) if one.version and one not in known)
    return replace(after, acceptances=(*after.acceptances, *(_acceptance(one, after, caller) for one in new)))


def _acceptance(given: _Consent, app: Application, caller: Caller) -> Acceptance:
    return Acceptance(
        given.kind,
        given.version,
        accepted_at=app.updated_at,
        recorded_by=caller.subject,
        on_behalf_of=app.producer.writing_number,
        person_id=given.person_id,
        recorded_by_name=caller.name,
    )


def withdraw_outdated_consents(before: Application, after: Application, saved: Step | None, today: date) -> Application:
    """Without the agreements whose subject another answer changed; ``saved`` is the step that was saved, if one was.

    The attestation covered the children of then: it falls when a child joins, or none is left. The disclosure belongs
    to the plan that asks for it.
    """
    if saved is not Step.PLANS and after.plans.pediatric_dental_attested:
        then, now = children(before, today), children(after, today)
        if now - then or (then and not now):
            after = replace(after, plans=after.plans.unattested())
    agreed = saved is not Step.SIGNATURES and after.signatures.consumer_choice_agreed
    if agreed and _disclosed(before) != _disclosed(after):
        after = replace(after, signatures=after.signatures.without_consumer_choice())
    return after


def children(app: Application, today: date) -> frozenset[str]:
    """Ids of those to whom pediatric dental benefits are owed on the first day of coverage."""
    day = app.effective_date or today
    ages = ((person.person_id, person.age_on(day)) for person in app.household.people)
    return frozenset(person_id for person_id, age in ages if age is not None and age < PEDIATRIC_UNTIL)


def consent_version(version: str, kind: TextKind, pack: RulePack, *, given: bool) -> str:
    """The version that an answer is recorded under: the one shown, else that of today; none without an answer."""
    return (version or pack.disclosures[kind].current) if given else ""


def with_consent_versions(contact: Contact, pack: RulePack) -> Contact:
    mobile = bool(contact.phone) and contact.phone_type == "mobile"
    texts, mail = contact.text_messages_version, contact.electronic_delivery_version
    return replace(
        contact,
        text_messages_version=consent_version(texts, TextKind.TEXT_MESSAGES, pack, given=mobile),
        electronic_delivery_version=consent_version(
            mail, TextKind.ELECTRONIC_DELIVERY, pack, given=bool(contact.email)
        ),
    )


def _given(app: Application) -> list[_Consent]:
    return [given for given in _answers(app) if given.version]


def _answers(app: Application) -> Iterator[_Consent]:
    household, other = app.household, app.other_coverage
    own = household.applicant.person_id if household.applicant else ""
    if household.authorization is Authorization.IN_PERSON:
        yield _Consent(TextKind.TERMS, own, household.terms_version)
    yield from _consents(household.contact, own)
    for person in household.people:
        if person.contact and person.relationship is not Relationship.SELF:
            yield from _consents(person.contact, person.person_id)
    if app.plans.pediatric_dental_attested:
        yield _Consent(TextKind.PEDIATRIC_DENTAL, own, app.plans.pediatric_dental_version)
    if other.replacement_rights_shown:
        yield _Consent(TextKind.REPLACEMENT_RIGHTS, own, other.replacement_rights_version)
    if other.proxy_agreed:
        yield _Consent(TextKind.PROXY, own, other.proxy_version)
    if app.signatures.consumer_choice_agreed:
        yield _Consent(TextKind.CONSUMER_CHOICE, own, app.signatures.consumer_choice_version, _disclosed(app))


def _consents(contact: Contact, person_id: str) -> Iterator[_Consent]:
    yield _Consent(TextKind.TEXT_MESSAGES, person_id, contact.text_messages_version, (contact.phone,))
    yield _Consent(TextKind.ELECTRONIC_DELIVERY, person_id, contact.electronic_delivery_version, (contact.email,))


def _disclosed(app: Application) -> tuple[object, ...]:
    """The plans that ask for the disclosure, in their year.

    Before the plans are priced nobody knows which of them ask; then it is the medical one, so that an agreement given
    early stays when the household is completed.
    """
    asking = [line.plan_id for line in app.plan_lines if line.consumer_choice_disclosure]
    plans = sorted(asking if app.plan_lines else filter(None, [app.plans.medical_plan_id]))
    return (*plans, app.effective_date.year) if plans and app.effective_date else ()
