"""Writes docs/reference/authorization.md from the contracts and the API's addresses:
``.venv/bin/python docs/generate_authorization.py``.
"""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

from google.protobuf.descriptor import MethodDescriptor

from chassis.access import access_rule
from chassis.contract import is_client_streaming
from gateway.api.route_table import ROUTES
from gateway.api.routing.route import Route
from gateway.edge.rpcs import DOCUMENTS, ENROLLMENT, PAYMENT, PCP, QUOTE

TARGET = Path(__file__).resolve().parent / "reference" / "authorization.md"
SERVICES = {"quote": QUOTE, "enrollment": ENROLLMENT, "pcp": PCP, "payment": PAYMENT, "documents": DOCUMENTS}
ANYBODY, SIGNED_IN, PRODUCERS = "anybody", "whoever is signed in", "producers"
OWN = {
    "POST /sessions": (ANYBODY, "with the right password"),
    "DELETE /sessions/current": (SIGNED_IN, "ends the session that it is sent with"),
    "GET /sessions": (SIGNED_IN, "the person's own"),
    "DELETE /sessions": (SIGNED_IN, "ends all of the person's own"),
    "DELETE /sessions/others": (SIGNED_IN, "ends the person's own, but for the one that it is sent with"),
    "DELETE /sessions/{session_id}": (SIGNED_IN, "one of the person's own"),
    "POST /oauth/token": (ANYBODY, "with the id and secret of an API client"),
    "GET /me": (SIGNED_IN, "the person"),
    "GET /producers": (SIGNED_IN, "the person's writing numbers; `action` keeps those under which it is allowed"),
    "GET /notifications": (SIGNED_IN, "the person's own"),
    "POST /notifications/read": (SIGNED_IN, "the person's own"),
    "GET /deadline-feeds": (SIGNED_IN, "the person's own"),
    "POST /deadline-feeds": (SIGNED_IN, "of the person's own deadlines"),
    "GET /deadline-feeds/{secret}.ics": (ANYBODY, "who has the address; with the writing numbers of its person now"),
    "DELETE /deadline-feeds/{feed_id}": (SIGNED_IN, "the person's own"),
    "GET /delegations": (SIGNED_IN, "a producer's own; of a delegate those that were given"),
    "PUT /delegations": (PRODUCERS, "under writing numbers of their own"),
    "DELETE /delegations/{delegate_id}/{writing_number}": (PRODUCERS, "under writing numbers of their own"),
    "GET /delegation-changes": (SIGNED_IN, "the person's own"),
    "GET /openapi.json": (ANYBODY, ""),
}
"""Operations of the API that no service answers -> who, and what they reach."""

HEAD = """# Authorization

Who may call what. Written by `docs/generate_authorization.py` from `(suite.common.v1.access)` of the contracts and from
the addresses of the API; a test keeps it so. Why it is so: [0007](../adr/0007-caller-identity.md),
[0029](../adr/0029-lists-home-hierarchy-reporting.md), [0044](../adr/0044-rules-of-access.md).

- A service judges each call by itself, over gRPC and the bus alike, before anything else of it is read: by the signed
  token of who calls, and by the rule below. An rpc without a rule keeps its service from starting.
- **People**: producers, and delegates with the action named here under the writing number ("view" is always among
  what a delegation allows). A record under another writing number is answered like one that does not exist; so is,
  to a delegate, one under a number that lacks the action.
- A delegation counts by state (a writing number is good in one), by action, and from its first day through its last.
  Its actions and its end are in the token, and each service checks them by its own business clock.
- **Services** call by themselves where an event, a timer or a client's link makes them, and reach every record; where
  it says "for people", they send the token of the person along for whom they work, and reach what the person may.
- Where a service calls for itself and for people, a call that brings a person's token reaches what the person may.
"""


def write_page() -> str:
    """The whole page."""
    parts = [HEAD]
    for service, methods in SERVICES.items():
        parts.append(f"\n## {service}\n\n| rpc | people | services | API |\n|---|---|---|---|\n")
        parts += [f"| {' | '.join(_row(method))} |\n" for method in methods.values()]
    parts.append("\n## What the gateway answers itself\n\n| operation | who | what |\n|---|---|---|\n")
    parts += [f"| `{operation}` | {who} | {what} |\n" for operation, (who, what) in OWN.items()]
    return "".join(parts)


def _row(method: MethodDescriptor) -> tuple[str, str, str, str]:
    rule = access_rule(method)
    people = (rule.action or "view") if rule.for_people else ""
    services = [f"`{one}`" for one in sorted(rule.services)]
    services += [f"`{one}` for people" for one in sorted(rule.services_for_people)]
    addresses = "<br>".join(_addresses(method)) or ("gRPC alone" if is_client_streaming(method) else "")
    return f"`{method.name}`", people, ", ".join(services), addresses


def _addresses(method: MethodDescriptor) -> Iterator[str]:
    for route in ROUTES:
        if route.rpc.full_name == method.full_name:
            yield f"`{operation_of(route)}`{' (anybody with the link)' if route.public else ''}"


def operation_of(route: Route) -> str:
    return f"{route.verb} {route.path}"


if __name__ == "__main__":
    TARGET.write_text(write_page())
