"""The groups of operations in the OpenAPI document, in the order in which a portal meets them."""

from __future__ import annotations

from typing import Any

# Name -> what it is about, and the first part of the addresses that belong to it.
_GROUPS = {
    "people": (
        "Sessions, the signed-in user, the user's writing numbers, and delegates.",
        ("sessions", "oauth", "me", "producers", "delegations", "delegation-changes"),
    ),
    "plans": (
        "Counties, plans and their premiums, providers of a plan.",
        ("counties", "plan-searches", "plans", "plan-comparisons", "providers"),
    ),
    "quotes": ("Saved quotes, copies, share links and proposals.", ("quotes", "shared-quotes")),
    "clients": (
        "Known clients, and address suggestions.",
        ("client-searches", "clients", "address-searches"),
    ),
    "form": ("What a state's application form asks and shows.", ("enrollment-rules", "texts")),
    "applications": (
        "Applications in five steps, submission, payment, documents.",
        ("applications", "application-searches"),
    ),
    "deadlines": (
        "Deadlines, as a list and as a calendar, and reviews that wait for a client.",
        ("deadlines", "deadline-feeds", "awaited-reviews"),
    ),
    "reports": ("Figures of the caller's own book of business.", ("reports",)),
    "notifications": ("Notifications of submissions and payments.", ("notifications",)),
}
_BY_ADDRESS = {part: name for name, (_, parts) in _GROUPS.items() for part in parts}
TAGS = [{"name": name, "description": description} for name, (description, _) in _GROUPS.items()]


def add_tags(paths: dict[str, dict[str, Any]]) -> dict[str, dict[str, Any]]:
    """Each operation with its group. KeyError for an address that belongs to none."""
    return {
        path: {verb: {**operation, "tags": [_BY_ADDRESS[path.split("/")[1]]]} for verb, operation in operations.items()}
        for path, operations in paths.items()
    }
