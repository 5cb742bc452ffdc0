"""Which way the integration tests get their servers; decided once, and said at the top of pytest's output."""

import os
from functools import cache

import pytest

from deploy.local.servers import containers


@cache
def way() -> str:
    """ "native" or "containers"."""
    forced = os.environ.get("TEST_SERVERS", "")
    if forced not in ("", "native", "containers"):
        raise pytest.UsageError("TEST_SERVERS has to be native or containers.")
    return forced or ("containers" if all(containers.image(server) for server in containers.IMAGES) else "native")


def described() -> str:
    if way() == "containers":
        images = ", ".join(str(containers.image(server)) for server in containers.IMAGES)
        return f"servers: RabbitMQ and PostgreSQL in containers (testcontainers; {images})"
    return "servers: RabbitMQ and PostgreSQL as native processes"
