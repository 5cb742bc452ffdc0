"""Every field that readiness can name has a place on its page that a link leads to and that takes the focus (R85)."""

from __future__ import annotations

import html
import re
from collections.abc import Iterator, Mapping

import pytest
from google.protobuf.descriptor import Descriptor
from suite.common.v1 import common_pb2 as common
from suite.enrollment.v1 import application_pb2 as app
from suite.enrollment.v1 import rules_pb2, steps_pb2

from gateway.pages.application_fields.links import link_to_field
from tests.integration.gateway.enrollment_desk import Desk
from tests.integration.gateway.harness import GatewayHarness
from tests.integration.gateway.test_pages import page

STEPS: Mapping[app.Step.ValueType, Descriptor] = {
    app.STEP_GENERAL: steps_pb2.GeneralStep.DESCRIPTOR,
    app.STEP_HOUSEHOLD: steps_pb2.HouseholdStep.DESCRIPTOR,
    app.STEP_PLANS: steps_pb2.PlansStep.DESCRIPTOR,
    app.STEP_OTHER_COVERAGE: steps_pb2.OtherCoverageStep.DESCRIPTOR,
    app.STEP_SIGNATURES: steps_pb2.SignaturesStep.DESCRIPTOR,
}
# Beside the fields: lists and parts as a whole, and what is calculated.
WHOLES: Mapping[app.Step.ValueType, tuple[str, ...]] = {
    app.STEP_GENERAL: ("life_events", "life_events[0]", "effective_date", "producer.writing_number"),
    app.STEP_HOUSEHOLD: ("people",),
    app.STEP_PLANS: ("pcp_choices",),
    app.STEP_OTHER_COVERAGE: ("replaced", "others"),
    app.STEP_SIGNATURES: ("authorized_representative", "guardian"),
}
# What nobody types: the portal or a service puts it there, or takes it away.
_NOT_TYPED = re.compile(
    r"producer$|.*(_version|\.person_id|\.member_index|\.ssn_last_four|\.county_name|\.scheme)$"
    r"|mailing_address\.county_fips|home_address$|contact$|people\[\d\]\.(contact|self_identification)$|mailing_address$|hra$"
)
# Asked of some people alone: of the primary applicant not what they are to themselves, of a spouse not whether a child.
_NOT_ASKED = re.compile(
    r"people\[0\]\.(relationship|contact.*|disabled_dependent)|people\[1\]\.(relationship|disabled_.*)|people\[2\]\.contact.*"
)
_FOCUSABLE = ("input", "select", "textarea", "button")


def paths(message: Descriptor, prefix: str = "") -> Iterator[str]:
    """Every path of a step as readiness writes it; of people the applicant, the spouse and a child."""
    for field in message.fields:
        several = field.is_repeated and field.message_type is not None
        places = (
            [f"[{place}]" for place in range(3 if field.name in ("people", "pcp_choices") else 1)] if several else [""]
        )
        for path in (f"{prefix}{field.name}{place}" for place in places):
            if not several:
                yield path
            if field.message_type and field.message_type.full_name.startswith("suite.enrollment."):
                yield from paths(field.message_type, f"{path}.")


def typed_paths(step: app.Step.ValueType) -> list[str]:
    found = [path for path in paths(STEPS[step]) if not (_NOT_TYPED.match(path) or _NOT_ASKED.fullmatch(path))]
    return [*found, *(one for one in WHOLES[step] if one not in found)]


def filled(browser: GatewayHarness, desk: Desk) -> app.Application:
    """With everything that makes a page ask all it can ask."""
    application = desk.application
    application.household.form_type = steps_pb2.FORM_TYPE_MEDICAL_DENTAL
    application.household.hra.kind = "ICHRA"
    application.household.mailing_address.street = "PO Box 1"
    asked = browser.fake_services.answers["GetEnrollmentRules"]
    assert isinstance(asked, rules_pb2.GetEnrollmentRulesResponse)
    asked.rules.life_events[0].prior_coverage = "The applicant had coverage."
    choices = [rules_pb2.Choice(code="other", label="Other")]
    asked.rules.identity_schemes.add(scheme="2026", languages=choices, ethnicities=choices, identities=choices)
    application.household.people[0].ssn_last_four = application.household.people[1].ssn_last_four = "1234"
    application.household.people.add(person_id="p3", relationship=common.RELATIONSHIP_CHILD, ssn_last_four="1234")
    application.plans.medical_plan_id = "36096IL0760001-00"
    application.plan_lines.add(coverage=common.COVERAGE_MEDICAL, uses_pcp=True, consumer_choice_disclosure=True)
    application.other_coverage.replaced.add(person_id="p1")
    application.other_coverage.others.add(person_id="p1")
    application.signatures.guardian.first_name = "Gwen"
    application.signatures.authorized_representative.first_name = "Rita"
    return application


@pytest.mark.parametrize("step", STEPS)
def test_link_to_each_field_leads_to_a_place_that_takes_the_focus(
    browser: GatewayHarness, desk: Desk, step: app.Step.ValueType
) -> None:
    application = filled(browser, desk)
    pages: dict[str, str] = {}
    lost = []
    for path in typed_paths(step):
        address, _, anchor = link_to_field(application, step, path).partition("#")
        pages.setdefault(address, page(browser, address))
        if not takes_focus(pages[address], anchor):
            lost.append(f"{path}: {address}#{anchor}")
    assert not lost, "\n".join(lost)


def takes_focus(text: str, anchor: str) -> bool:
    found = re.search(rf'<(\w+)[^>]* id="{re.escape(html.escape(anchor))}"[^>]*>', text)
    return found is not None and (found[1] in _FOCUSABLE or 'tabindex="-1"' in found[0])


def test_place_that_is_not_on_the_page_is_noticed(browser: GatewayHarness, desk: Desk) -> None:
    text = page(browser, link_to_field(filled(browser, desk), app.STEP_SIGNATURES, ""))
    assert takes_focus(text, "payment_choice") and not takes_focus(text, "payment_choices")
    assert not takes_focus(text, "payment"), "a heading takes no focus"
