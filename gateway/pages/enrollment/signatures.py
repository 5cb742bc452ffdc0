"""Step 5: who signs, what is disclosed, how the first premium is paid (R80-R85)."""

from __future__ import annotations

import asyncio
from collections.abc import Mapping
from typing import Any

from starlette.requests import Request
from suite.enrollment.v1 import application_pb2

from chassis.kernel import Problem
from gateway.pages.application_reads import read_readiness, read_rules, version_of
from gateway.pages.enrollment.step import Application, find_unasked, page_of_step, shown_values
from gateway.pages.forms.form_values import Values, put_values, read_values

_SIGNER = ("first_name", "middle_initial", "last_name", "relationship_to_applicant")
_REPRESENTATIVE = tuple(f"authorized_representative.{name}" for name in _SIGNER)
_GUARDIAN = tuple(f"guardian.{name}" for name in _SIGNER)
# Whether an authorized representative signs at all is a box of the page and a part of the contract (R80).
_HAS_REPRESENTATIVE = "has_representative"
_PLAIN = ("consumer_choice_agreed", "payment_choice")


def _read(application: Application) -> Values:
    shown = shown_values(read_values(application.signatures), (*_REPRESENTATIVE, *_GUARDIAN, *_PLAIN))
    represented = application.signatures.HasField("authorized_representative")
    return shown | {_HAS_REPRESENTATIVE: "yes" if represented else "no"}


def _put(message: Any, values: Values, application: Application) -> list[Problem]:
    names, unasked = list(_PLAIN), list[Problem]()
    if values.get(_HAS_REPRESENTATIVE) == "yes":
        message.authorized_representative.SetInParent()
        names += _REPRESENTATIVE
    else:
        message.ClearField("authorized_representative")
        told = "An authorized representative is entered below. Check this box, or clear the fields."
        unasked = find_unasked(_HAS_REPRESENTATIVE, _REPRESENTATIVE, values, _read(application), told)
    if any(values.get(name) for name in _GUARDIAN):
        names += _GUARDIAN
    else:
        message.ClearField("guardian")
    return [*unasked, *put_values(message, {name: values[name] for name in names if name in values})]


async def _context(request: Request, application: Application, values: Values) -> Mapping[str, Any]:
    readiness, rules = await asyncio.gather(
        read_readiness(request, application.record_number), read_rules(request, application)
    )
    guardian = any(one.field.startswith("guardian") for one in readiness.missing)
    return {
        "asks_guardian": guardian or any(values.get(name) for name in _GUARDIAN),
        "asks_consumer_choice": any(line.consumer_choice_disclosure for line in application.plan_lines),
        "consumer_choice_version": version_of(rules, "consumer-choice"),
    }


PAGE = page_of_step(application_pb2.STEP_SIGNATURES, "signatures", _read, _put, _context)
