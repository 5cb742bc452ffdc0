"""Use case: Provider Finder (R71)."""

from __future__ import annotations

import base64
import binascii
from dataclasses import dataclass

from chassis.kernel import InvalidInput, Transactions
from services.pcp.domain.provider import NearbyProvider
from services.pcp.usecases.networks import locate_zip, must_have_network
from services.pcp.usecases.ports import Network, PcpUnitOfWork, ProviderCursor, ProviderFilter

# common.proto, Page.
DEFAULT_SIZE, LARGEST_SIZE = 50, 200


@dataclass(frozen=True, slots=True)
class ProviderPage:
    """One page, nearest first; ``next_token`` is empty on the last one."""

    providers: tuple[NearbyProvider, ...]
    next_token: str
    distances_are_estimates: bool


@dataclass(frozen=True, slots=True)
class SearchProviders:
    """Providers of a plan's network near a ZIP, for anybody who is signed in: the directory is public by law."""

    transactions: Transactions[PcpUnitOfWork]

    def __call__(
        self, network: Network, zip_code: str, criteria: ProviderFilter, size: int = 0, token: str = ""
    ) -> ProviderPage:
        """Raises InvalidInput for an unknown ZIP, a plan without directory, and a page that cannot be."""
        limit, after = _size(size), _cursor(token)
        with self.transactions() as work:
            point = locate_zip(work.providers, zip_code)
            must_have_network(work.providers, network)
            # one more than asked for tells whether there is a next page
            found = work.providers.find_nearest(network, point, criteria, limit + 1, after)
        page = found[:limit]
        return ProviderPage(tuple(page), _token(page[-1]) if len(found) > limit else "", point.estimated)


def _size(size: int) -> int:
    if not 0 <= size <= LARGEST_SIZE:
        raise InvalidInput.at("page.size", f"Ask for 1 to {LARGEST_SIZE} providers per page.")
    return size or DEFAULT_SIZE


def _token(last: NearbyProvider) -> str:
    return base64.urlsafe_b64encode(f"{last.tenth_miles}:{last.provider.pcp_id}".encode()).decode()


def _cursor(token: str) -> ProviderCursor | None:
    if not token:
        return None
    try:
        tenth_miles, _, pcp_id = base64.urlsafe_b64decode(token.encode()).decode().partition(":")
        return ProviderCursor(int(tenth_miles), pcp_id)
    except (binascii.Error, ValueError):
        raise InvalidInput.at(
            "page.token", "Send the token from the previous page, or none for the first page."
        ) from None
