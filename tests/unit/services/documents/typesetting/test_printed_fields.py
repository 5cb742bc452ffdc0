"""Every field of an application is printed, or stands here with the reason why not.

The form is made straight from enrollment's message (docs/adr/0023), so a field that nothing in ``typesetting`` names is
missing on paper, and no type checker sees it.
"""

from __future__ import annotations

import ast
from collections.abc import Collection, Iterator
from pathlib import Path

from google.protobuf.descriptor import Descriptor
from suite.enrollment.v1 import application_pb2

TYPESETTING = Path(__file__).parents[5] / "services" / "documents" / "typesetting"

NOT_PRINTED = {
    "where the application stands, which goes on after the paper": (
        *("Application.cancellation", "Application.created_at", "Application.updated_at", "Application.current_step"),
        *("Application.complete_steps", "Application.expires_on", "Application.failure_class", "Application.failures"),
        *("Application.help_line", "Application.locked", "Application.return_to", "Application.cancellation_refusal"),
        *("Application.owes_pediatric_dental", "Application.premium_change"),
        *("Application.first_payment", "PlanLine.renewals", "Application.status"),
        *("Application.terminations", "Application.termination_choice", "Application.termination_refusal"),
        *("Application.contact_change", "Application.contact_change_refusal"),
        "Application.payment",
    ),
    "the suite's own, told in words by effective_date_reason or not at all": (
        *("Application.quote_id", "Application.rule_pack", "Application.effective_date_basis", "Application.header"),
        *("Notice.field", "Notice.rule", "Notice.step", "Acceptance.on_behalf_of_writing_number"),
    ),
    "printed from the acceptances": (
        *("Contact.electronic_delivery_version", "Contact.text_messages_version"),
        *("OtherCoverageStep.proxy_agreed", "OtherCoverageStep.proxy_version"),
        *("OtherCoverageStep.replacement_rights_shown", "OtherCoverageStep.replacement_rights_version"),
        *("PlansStep.pediatric_dental_attested", "PlansStep.pediatric_dental_version"),
        *("SignaturesStep.consumer_choice_agreed", "SignaturesStep.consumer_choice_version"),
        "PlanLine.consumer_choice_disclosure",
    ),
    "printed from the plan lines": ("PlansStep.dental_plan_id", "PlansStep.medical_plan_id", "PlanLine.uses_pcp"),
    "the county's name is printed": ("Address.county_fips",),
    "each person's explanation names it": ("PlanLine.rating_area",),
    "only ever sent in": ("Person.remove_ssn", "Person.ssn"),
    "the missing name shows": ("Person.one_name_only",),
}


def named_in_code() -> set[str]:
    trees = (ast.parse(path.read_text()) for path in TYPESETTING.glob("*.py"))
    return {node.attr for tree in trees for node in ast.walk(tree) if isinstance(node, ast.Attribute)}


def unprinted(root: Descriptor, named: Collection[str]) -> Iterator[str]:
    """Fields of the message, and of the messages in its printed fields, that the code does not name."""
    seen, waiting = set(), [root]
    while waiting:
        message = waiting.pop()
        if message.full_name in seen or not message.full_name.startswith("suite."):
            continue
        seen.add(message.full_name)
        for field in message.fields:
            if field.name not in named:
                yield f"{message.name}.{field.name}"
            elif field.message_type:
                waiting.append(field.message_type)


def test_every_field_of_an_application_is_printed_or_has_a_reason_not_to_be() -> None:
    reasons = {name for names in NOT_PRINTED.values() for name in names}
    found = set(unprinted(application_pb2.Application.DESCRIPTOR, named_in_code()))
    assert found - reasons == set(), "print these, or say here why not"
    assert reasons - found == set(), "these are printed by now"


def test_a_field_that_no_form_reads_is_found() -> None:
    found = set(unprinted(application_pb2.Application.DESCRIPTOR, named_in_code() - {"suffix"}))
    assert {"Person.suffix"} <= found
