"""A broker with a user for each service, whose rights are those that `portal broker-rights` prints."""

from __future__ import annotations

import json
import re
import secrets
import subprocess
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import pytest
from typer.testing import CliRunner

from chassis.bus.topology import FeedQueue
from deploy.local.keys import OWNERS
from deploy.local.servers import Server, amqp, rabbitmq
from portal.__main__ import app
from tests.integration.conftest import native

VHOST = "rights"
USERS = (*OWNERS, "relay", "operator")
ADMINISTRATOR, SUBSCRIBER = "administrator", "subscriber"
FEED = FeedQueue(SUBSCRIBER)


@dataclass(frozen=True)
class BrokerWithUsers:
    """``addresses``: by user, with an administrator's and an outside subscriber's; ``log``: what the broker writes."""

    server: Server
    addresses: Mapping[str, str]
    log: Path

    def run_tool(self, *arguments: str, typed: str = "") -> str:
        """What `rabbitmqctl` says."""
        node = next(child for child in self.server.children if child.name == "rabbitmq")
        env = dict(node.env or {})
        command = [f"{env['RABBITMQ_SCRIPTS_DIR']}/rabbitmqctl", *arguments]
        # 5 s on a busy machine: each starts a virtual machine of its own
        done = subprocess.run(command, input=typed, env=env, text=True, check=True, timeout=120, stdout=subprocess.PIPE)
        return done.stdout

    def list_connected(self) -> set[str]:
        """The users of all connections."""
        return set(self.run_tool("list_connections", "--quiet", "--no-table-headers", "user").split())

    def list_refusals(self) -> list[str]:
        """The lines of the broker about something that a user may not."""
        return [line for line in self.log.read_text().splitlines() if "refused for user" in line]

    @contextmanager
    def refusing_nothing(self) -> Iterator[None]:
        """Fail if the broker refuses anything to anybody meanwhile."""
        before = len(self.list_refusals())
        yield
        assert self.list_refusals()[before:] == []


@contextmanager
def run_broker_with_users(state: Path) -> Iterator[BrokerWithUsers]:
    """A node with those users; skips the test where there is no RabbitMQ."""
    script = rabbitmq.find_rabbitmq()
    if script is None:
        pytest.skip("RabbitMQ is not installed here, and with it the tool that imports the rights")
    with native(rabbitmq.start_node(script, state, secrets.token_urlsafe(12)), amqp.is_broker_up, state) as server:
        words = {user: secrets.token_urlsafe(12) for user in (*USERS, ADMINISTRATOR, SUBSCRIBER)}
        place = urlsplit(server.url).netloc.rpartition("@")[2]
        addresses = {user: f"amqp://{user}:{word}@{place}/{VHOST}" for user, word in words.items()}
        broker = BrokerWithUsers(server, addresses, state / "logs" / "rabbitmq.log")
        # a node that answers may still be starting what import needs, so that the tool waits for it
        broker.run_tool("await_startup")
        broker.run_tool("import_definitions", typed=json.dumps(define_users(words)))
        yield broker


def define_users(words: Mapping[str, str]) -> dict[str, Any]:
    """The definitions that the command prints, with passwords and the users of others."""
    printed = CliRunner().invoke(app, ["broker-rights", "--vhost", VHOST])
    definitions: dict[str, Any] = json.loads(printed.output)
    everything = {"configure": ".*", "write": ".*", "read": ".*"}
    # as docs/how-to/subscribe-to-events.md says
    reading = {"configure": "^$", "write": "^$", "read": rf"^{re.escape(FEED.name)}(\.dead)?$"}
    definitions["permissions"] += [
        {"user": ADMINISTRATOR, "vhost": VHOST, **everything},
        {"user": SUBSCRIBER, "vhost": VHOST, **reading},
    ]
    definitions["vhosts"] = [{"name": VHOST}]
    definitions["users"] = [{"name": user, "password": word, "tags": ""} for user, word in words.items()]
    return definitions
