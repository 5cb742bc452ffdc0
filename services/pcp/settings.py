"""Settings of pcp; the variables start with ``PCP_``."""

from __future__ import annotations

from decimal import Decimal
from pathlib import Path
from typing import Annotated

from pydantic import Field

from chassis.settings import ServiceSettings
from services.pcp.directory.distances import COUNTIES
from services.pcp.directory.files import ILLUSTRATIVE, MOST_REJECTED_PERCENT


class PcpSettings(ServiceSettings):
    """``PCP_DIRECTORY``: the ``cms-data-index.json`` of a carrier's directory."""

    directory: Path = ILLUSTRATIVE
    # Of providers and groups, how many in a hundred may be rejected before nothing is changed.
    directory_most_rejected_percent: Annotated[Decimal, Field(ge=0, le=100)] = MOST_REJECTED_PERCENT
    # A CSV file of county_fips and miles: how far from home a provider is assigned.
    assignment_distances: Path = COUNTIES
