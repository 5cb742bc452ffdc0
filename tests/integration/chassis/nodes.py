"""Private servers for tests that have to hurt them, come by in the same way as those of ``make run``."""

from __future__ import annotations

import secrets
import subprocess
from collections.abc import Mapping
from pathlib import Path

from deploy.local.children import ChildProcess
from deploy.local.servers import amqp, broker, postgres
from tests.integration.chassis.waiting import until

# A node needs about five seconds on an idle machine; a busy one with two cores may need several times that.
START_SECONDS = 90.0


class BrokerNode:
    """A RabbitMQ that can be ended like a power cut and started again with the same data."""

    def __init__(self, home: Path) -> None:
        self._home = home
        (home / "logs").mkdir(parents=True)
        self._server = broker.choose_broker(home, secrets.token_hex(8), None)
        self._helpers: list[ChildProcess] = []
        self._node: ChildProcess | None = None

    @property
    def amqp_url(self) -> str:
        return self._server.url

    def start(self) -> None:
        self.launch()
        until(lambda: amqp.is_broker_up(self._server.url), START_SECONDS)

    def launch(self) -> None:
        """Start the node without waiting for it."""
        *helpers, node = self._server.children
        self._helpers = self._helpers or [ChildProcess(spec, self._home / "logs") for spec in helpers]
        self._node = ChildProcess(node, self._home / "logs")

    @property
    def can_evaluate(self) -> bool:
        """Whether it is a node of this machine's own RabbitMQ."""
        return "RABBITMQ_SCRIPTS_DIR" in self._environment

    def evaluate(self, expression: str) -> str:
        """What the node says to an Erlang expression; raises when it is an error."""
        command = Path(self._environment["RABBITMQ_SCRIPTS_DIR"]) / "rabbitmqctl"
        run = [str(command), "eval", expression]
        done = subprocess.run(run, env=self._environment, capture_output=True, text=True, timeout=120, check=False)
        assert done.returncode == 0, done.stdout + done.stderr
        return done.stdout

    @property
    def _environment(self) -> Mapping[str, str]:
        return self._server.children[-1].env or {} if self._server.children else {}

    def settle(self) -> None:
        """Stop it in order and start it again: a queue that is seconds old may find no leader after a power cut
        (docs/adr/0004), and a test that kills the node would wait for it in vain.
        """
        assert self._node, "settle a node that runs"
        self._node.ask_to_stop()
        self._node.end()
        self.start()

    def kill(self) -> None:
        """End it as a power cut would."""
        if self._node:
            _kill(self._node)
            self._node = None

    def stop(self) -> None:
        self.kill()
        for helper in self._helpers:
            _kill(helper)


class DatabaseNode:
    """A PostgreSQL of the test's own."""

    def __init__(self, home: Path) -> None:
        (home / "logs").mkdir(parents=True)
        self._server = postgres.choose_postgres(home, secrets.token_hex(8), None)
        self._children = [ChildProcess(spec, home / "logs") for spec in self._server.children]
        until(lambda: postgres.is_postgres_up(self._server.url), START_SECONDS)

    @property
    def url(self) -> str:
        """An administrator's."""
        return self._server.url

    def stop(self) -> None:
        for child in self._children:
            child.ask_to_stop()
            child.end()


def _kill(child: ChildProcess) -> None:
    child.sweep()
    child.end()
