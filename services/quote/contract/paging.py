"""Contract: pages of a list. A token is the place of the last quote, opaque to callers."""

from __future__ import annotations

from suite.common.v1 import common_pb2 as common

from chassis.kernel import InvalidInput

# common.proto, Page: what a screen shows, and what one answer may hold.
DEFAULT_SIZE = 50
MAX_SIZE = 200


def size(page: common.Page) -> int:
    if not 0 <= page.size <= MAX_SIZE:
        raise InvalidInput.at("page.size", f"A page has 1 to {MAX_SIZE} of them.")
    return page.size or DEFAULT_SIZE
