"""Step 2: form type, authorization, applicant, addresses, HRA and identity (R35-R57); the list of the others (R58)."""

from __future__ import annotations

import asyncio
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from starlette.requests import Request
from starlette.responses import Response
from suite.common.v1 import common_pb2
from suite.enrollment.v1 import application_pb2
from suite.quote.v1 import quote_service_pb2

from chassis.kernel import DomainError, Problem, Unavailable, get_markets
from gateway.edge.rpcs import QUOTE
from gateway.edge.service_calls import ask_service
from gateway.pages.application_reads import read_rules, version_of
from gateway.pages.enrollment.contact import (
    CONTACT,
    MAILING,
    MAILING_DIFFERS,
    answer_mailing_differs,
    prepare_mailing_address,
)
from gateway.pages.enrollment.people import person_names, unasked_tobacco_date
from gateway.pages.enrollment.step import Application, find_unasked, page_of_step, shown_values
from gateway.pages.forms.form_values import Values, put_values, read_values
from gateway.pages.render import redirect_to

_HOME = tuple(f"home_address.{name}" for name in ("street", "unit", "city", "state", "zip", "county_fips"))
_HRA = tuple(f"hra.{name}" for name in ("kind", "start_date", "employer_name", "monthly_contribution"))
_APPLICANT = person_names(0)
_PLAIN = ("form_type", "authorization", *_HOME, *CONTACT)
# A question of the page that no field of the contract answers by itself.
_TERMS_AGREED = "terms_agreed"

_HRA_UNASKED = "Details of an HRA are entered below. Choose ICHRA or QSEHRA, or clear them."


def _read(application: Application) -> Values:
    shown = shown_values(read_values(application.household), (*_PLAIN, *MAILING, *_HRA, *_APPLICANT))
    shown["people[0].ssn"] = ""
    shown[MAILING_DIFFERS] = answer_mailing_differs(application.household)
    shown[_TERMS_AGREED] = "yes" if application.household.terms_version else "no"
    return shown


def _put(message: Any, values: Values, application: Application) -> list[Problem]:
    if not message.people:
        message.people.add(relationship=common_pb2.RELATIONSHIP_SELF)
    saved = _read(application)
    names = [*_PLAIN, *_APPLICANT]
    if "form_type" in application.locked:
        names.remove("form_type")
    mailing, unasked = prepare_mailing_address(message, values, saved)
    names += mailing
    overlooked = [] if values.get("hra.kind") else find_unasked("hra.kind", _HRA, values, saved, _HRA_UNASKED)
    if values.get("hra.kind") or overlooked:  # without its type none is saved, but all that is wrong with it is told
        message.hra.SetInParent()
        names += _HRA
    else:
        message.ClearField("hra")
    unasked += overlooked
    if message.home_address.county_fips != values.get("home_address.county_fips"):
        message.home_address.ClearField("county_name")  # the service knows the name of the new one
    unasked += unasked_tobacco_date("people[0].", values, saved)
    if values.get("people[0].tobacco_use") != "yes":
        values = {**values, "people[0].tobacco_last_used": ""}
    return [*unasked, *put_values(message, {name: values[name] for name in names if name in values})]


def _put_terms(message: Any, values: Values) -> None:
    """The version of the terms that was shown beside the box (R40)."""
    if values.get(_TERMS_AGREED) != "yes":
        message.ClearField("terms_version")
    elif not message.terms_version:
        message.terms_version = values.get("terms_version_shown", "")


def _put_all(message: Any, values: Values, application: Application) -> list[Problem]:
    _put_terms(message, values)
    return _put(message, values, application)


async def _context(request: Request, application: Application, values: Values) -> Mapping[str, Any]:
    rules, counties = await asyncio.gather(
        read_rules(request, application), list_counties(request, values.get("home_address.zip", ""))
    )
    return {
        "rules": rules,
        "counties": counties,
        "terms_version": version_of(rules, "terms"),
        "categories": rules.identity_schemes[-1] if rules.identity_schemes else None,
        "others": [(index, one) for index, one in enumerate(application.household.people) if index],
        "full": len(application.household.people) >= rules.most_people,
        "has_spouse": any(one.relationship == common_pb2.RELATIONSHIP_SPOUSE for one in application.household.people),
        "states": [(state, get_markets().find_name(state)) for state in get_markets().states],
        "Sex": common_pb2.Sex,
        "Relationship": common_pb2.Relationship,
    }


@dataclass(frozen=True, slots=True)
class Counties:
    """Those of a ZIP code; none while it is none. ``away``: they could not be looked up at this moment."""

    found: Sequence[Any] = ()
    away: bool = False


async def list_counties(request: Request, zip_code: str) -> Counties:
    if len(zip_code) < 5:
        return Counties()
    try:
        answer = await ask_service(
            request,
            QUOTE["ListCounties"],
            quote_service_pb2.ListCountiesRequest(zip=zip_code),
            quote_service_pb2.ListCountiesResponse,
        )
    except Unavailable:  # the rest of the page can be filled in meanwhile
        return Counties(away=True)
    except DomainError:  # what is wrong with the ZIP code is said when it is saved
        return Counties()
    return Counties(answer.counties)


PAGE = page_of_step(application_pb2.STEP_HOUSEHOLD, "household", _read, _put_all, _context)


async def follow(_request: Request, application: Application, action: str) -> Response | None:
    verb, _, which = action.partition(".")
    people = f"{PAGE.path(application.record_number)}/people"
    if verb in ("add_spouse", "add_dependent"):
        return redirect_to(f"{people}/{'new-spouse' if verb == 'add_spouse' else 'new-dependent'}")
    if verb == "edit_person" and which:
        return redirect_to(f"{people}/{which}")
    if verb == "remove_person" and which:
        return redirect_to(f"{people}/{which}/remove")
    if verb == "find_counties":
        return redirect_to(PAGE.path(application.record_number) + "#home_address.zip")
    return None
