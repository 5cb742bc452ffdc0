"""One world for all tests of access."""

from __future__ import annotations

import os

import pytest

from deploy.local.suite import LocalSuite
from tests.integration.authorization.world import World, build_world

SEED = int(os.environ.get("AUTHORIZATION_SEED", "14"))


@pytest.fixture(scope="session")
def world(suite: LocalSuite) -> World:
    return build_world(suite, SEED)
