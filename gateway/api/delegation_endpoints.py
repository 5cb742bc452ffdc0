"""The API's delegations: a producer gives, limits, lists and revokes a delegate's access (R7, R25)."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import UTC, date, datetime
from typing import Any

from starlette.requests import Request
from starlette.responses import JSONResponse, Response

from chassis.kernel import InvalidInput, Problem, day_advice, read_day
from gateway.api.json_values import is_text
from gateway.api.other_fields import refuse_other_fields
from gateway.api.request_body import read_json
from gateway.edge.context import get_gateway, require_session
from gateway.identity.delegations import DelegationRequest, Delegations
from gateway.store.delegation_rows import Delegation, DelegationChange, DelegationTerms
from gateway.user import ALL_ACTIONS, DelegatedAction, User

_FIELDS = ("email", "writing_numbers", "states", "actions", "first_day", "last_day")
# What the page calls writing numbers has the API's name here.
_NAMES = {"numbers": "writing_numbers"}


async def list_delegations(request: Request) -> Response:
    """A producer's own; for a delegate those that were given to him."""
    user, delegations = (await require_session(request)).user, _delegations(request)
    found = await (delegations.of_delegate(user) if user.is_delegate else delegations.of_producer(user))
    return JSONResponse({"delegations": [_describe(one) for one in found]})


async def grant(request: Request) -> Response:
    """Everything that was asked for or nothing; the same again changes nothing."""
    user, delegations = (await require_session(request)).user, _delegations(request)
    wanted = _read(user, await read_json(request))
    try:
        await delegations.grant(user, wanted)
    except InvalidInput as refusal:
        raise InvalidInput(refusal.message, code=refusal.code, problems=_renamed(refusal.problems)) from None
    found = await delegations.of_producer(user)
    given = [one for one in found if one.email == wanted.email.casefold() and one.number in wanted.numbers]
    return JSONResponse({"delegations": [_describe(one) for one in given]})


async def revoke(request: Request) -> Response:
    user, path = (await require_session(request)).user, request.path_params
    await _delegations(request).revoke(user, path["delegate_id"], path["writing_number"])
    get_gateway(request).sessions.forget(path["delegate_id"])
    return Response(status_code=204)


async def list_changes(request: Request) -> Response:
    user = (await require_session(request)).user
    found = await _delegations(request).changes(user)
    return JSONResponse({"changes": [_describe_change(one) for one in found]})


def _delegations(request: Request) -> Delegations:
    gateway = get_gateway(request)
    return Delegations(gateway.database, gateway.clock)


def _read(user: User, data: Any) -> DelegationRequest:
    """Raises InvalidInput for what is no delegation at all; what it may be is judged by ``Delegations``."""
    if not isinstance(data, dict):
        raise InvalidInput("Please send a JSON object.", code="malformed")
    problems = refuse_other_fields(data, _FIELDS)
    email = data.get("email", "")
    if not is_text(email):
        problems.append(Problem("email", "Enter a text."))
    words = {name: _texts(data, name, problems) for name in ("writing_numbers", "states", "actions")}
    if not set(words["actions"]) <= set(DelegatedAction):
        problems.append(Problem("actions", f"Please send some of: {', '.join(DelegatedAction)}."))
    first, last = (_day(data, name, problems) for name in ("first_day", "last_day"))
    if problems:
        raise InvalidInput("Some fields of the request are not valid.", code="malformed", problems=tuple(problems))
    given = "actions" in data and data["actions"] is not None
    actions = frozenset(map(DelegatedAction, words["actions"])) if given else ALL_ACTIONS
    return DelegationRequest(email.strip(), _numbers(user, words), actions, first, last)


def _numbers(user: User, words: Mapping[str, Sequence[str]]) -> list[str]:
    """Those that are named, and the caller's own of the states that are named. InvalidInput for a state without one."""
    own = {number.state for number in user.own_numbers}
    if not set(words["states"]) <= own:
        raise InvalidInput.at("states", "You have no writing number in one of these states. Choose among your own.")
    of_states = [number.number for number in user.own_numbers if number.state in words["states"]]
    return list(dict.fromkeys([*words["writing_numbers"], *of_states]))


def _texts(data: Mapping[str, Any], name: str, problems: list[Problem]) -> list[str]:
    found = data.get(name)
    if found is None:
        return []
    if isinstance(found, list) and all(map(is_text, found)):
        return found
    problems.append(Problem(name, "Please send a list of texts."))
    return []


def _day(data: Mapping[str, Any], name: str, problems: list[Problem]) -> date | None:
    found = data.get(name)
    if found is None or found == "":
        return None
    text = found if is_text(found) else ""
    day = read_day(text)
    if day is None:
        problems.append(Problem(name, day_advice(text)))
    return day


def _renamed(problems: Sequence[Problem]) -> tuple[Problem, ...]:
    return tuple(Problem(_NAMES.get(one.field, one.field), one.message, one.rule) for one in problems)


def _describe(one: Delegation) -> dict[str, Any]:
    return {
        "delegate_id": one.delegate_id,
        "name": one.name,
        "email": one.email,
        "producer": {
            "writing_number": one.number,
            "name": one.producer_name,
            "company_name": one.company_name,
            "state": one.state,
            "phone": one.phone,
            "npn": one.npn,
        },
        **_terms(one.terms),
    }


def _describe_change(one: DelegationChange) -> dict[str, Any]:
    told = {"at": _instant(one.at), "kind": one.kind, "name": one.name, "writing_number": one.number}
    return {**told, **_terms(one.terms)}


def _terms(terms: DelegationTerms) -> dict[str, Any]:
    return {
        "actions": [action.value for action in DelegatedAction if action in terms.actions],
        "starts_at": _instant(terms.starts_at) if terms.starts_at else None,
        "ends_at": _instant(terms.ends_at) if terms.ends_at else None,
    }


def _instant(at: datetime) -> str:
    return at.astimezone(UTC).isoformat(timespec="seconds")
