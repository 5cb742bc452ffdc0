"""Use case: Provider Finder (R71)."""

from __future__ import annotations

import base64
import binascii
from dataclasses import dataclass

from chassis.kernel import InvalidInput
from chassis.kernel.zip_prefixes import five_digits
from services.pcp.domain.provider import NearbyProvider, Provider
from services.pcp.usecases.ports import Network, Providers, Seen, Spot, Transactions, Wish, provider_not_found

# common.proto, Page.
DEFAULT_SIZE, LARGEST_SIZE = 50, 200


@dataclass(frozen=True, slots=True)
class Found:
    """One page, nearest first; ``next_token`` is empty on the last one."""

    providers: tuple[NearbyProvider, ...]
    next_token: str
    distances_are_estimates: bool


class FindProviders:
    """Providers of a plan's network near a ZIP, for anybody who is signed in; the directory is public by law."""

    def __init__(self, transactions: Transactions) -> None:
        self._transactions = transactions

    def search(self, network: Network, zip_code: str, wish: Wish, size: int = 0, token: str = "") -> Found:
        """Raises InvalidInput for an unknown ZIP, a plan without directory, and a page that cannot be."""
        limit, after = _size(size), _seen(token)
        with self._transactions() as work:
            spot = spot_of(work.providers, zip_code)
            must_have_network(work.providers, network)
            # one more than asked for tells whether there is a next page
            found = work.providers.nearest(network, spot, wish, limit + 1, after)
        page = found[:limit]
        return Found(tuple(page), _token(page[-1]) if len(found) > limit else "", spot.estimated)

    def get(self, pcp_id: str) -> Provider:
        """Raises NotFound."""
        with self._transactions() as work:
            provider = work.providers.get(pcp_id)
        if provider is None:
            raise provider_not_found()
        return provider


def spot_of(providers: Providers, zip_code: str) -> Spot:
    digits = five_digits(zip_code)
    spot = providers.spot(digits) if digits else None
    if spot is None:
        message = "We do not know this ZIP. Give a 5-digit ZIP of Illinois, Montana, New Mexico, Oklahoma or Texas."
        raise InvalidInput.at("zip", message, rule="R71", code="unknown_zip")
    return spot


def must_have_network(providers: Providers, network: Network) -> None:
    if not providers.has_network(network):
        message = "We have no provider directory for this plan and year. Check the plan id and the plan year."
        raise InvalidInput.at("plan_id", message, rule="R71", code="no_directory")


def _size(size: int) -> int:
    if not 0 <= size <= LARGEST_SIZE:
        raise InvalidInput.at("page.size", f"Ask for 1 to {LARGEST_SIZE} providers.")
    return size or DEFAULT_SIZE


def _token(last: NearbyProvider) -> str:
    return base64.urlsafe_b64encode(f"{last.tenth_miles}:{last.provider.pcp_id}".encode()).decode()


def _seen(token: str) -> Seen | None:
    if not token:
        return None
    try:
        tenth_miles, _, pcp_id = base64.urlsafe_b64decode(token.encode()).decode().partition(":")
        return Seen(int(tenth_miles), pcp_id)
    except (binascii.Error, ValueError):
        raise InvalidInput.at("page.token", "Send the token of the page before, or none for the first page.") from None
