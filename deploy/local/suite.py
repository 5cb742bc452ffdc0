"""The whole suite on one machine, as `make run` and the integration tests start it."""

import threading
import time
from collections.abc import Callable, Mapping
from pathlib import Path

from deploy.local.errors import LocalSuiteError
from deploy.local.forked import is_there
from deploy.local.keys import OWNERS, load_or_create_keys
from deploy.local.ports import is_free
from deploy.local.preparation import FILES_OF_THE_OPERATOR, digest_preparation, last_line, run_preparations
from deploy.local.processes import COMMANDS, ROOT, Ports, ProcessSettings, kind_of, prefork_spec
from deploy.local.servers import Server, amqp, broker, databases, postgres, rabbitmq
from deploy.local.state import State, running_state
from deploy.local.supervisor import Supervisor
from deploy.local.waiting import is_ready, wait_until

__all__ = ["LocalSuite", "running_state"]

SERVERS_WITHIN = 60.0
"""Seconds for RabbitMQ and PostgreSQL: 5 on an idle machine, more while a whole test run goes on beside."""
READY_WITHIN = 120.0
"""Seconds for the processes after that: 3 on an idle machine."""
NEEDS_BROKER = ("worker",)
"""Processes that cannot start without the broker; the others wait for it or never use it."""
HOPELESS = 4
"""Unasked endings of one process before it was ever ready, after which waiting longer makes no sense."""


class LocalSuite:
    """Servers, migrations, demo data and all processes, supervised; everything it writes is in `state`.

    `port` is the gateway's (0: any). `amqp_url` and `database_url` name servers that are there already; `env` is
    given to every process on top of its own settings (SUITE_TODAY, ...); `prefix` keeps the databases of several
    suites on one server apart; `commands` are its processes where they are not the usual ones, and `tree` the folder of
    another version's code. Raises `LocalSuiteError` with a sentence for the person at the terminal.
    """

    def __init__(
        self,
        state: Path,
        port: int = 0,
        amqp_url: str | None = None,
        database_url: str | None = None,
        env: Mapping[str, str] | None = None,
        prefix: str = "suite_",
        say: Callable[[str], None] = lambda line: None,
        commands: Mapping[str, tuple[str, ...]] = COMMANDS,
        tree: Path = ROOT,
    ) -> None:
        self._commands, self._tree = commands, tree
        self.state = State(state)
        self._port, self._foreign = port, (amqp_url, database_url)
        self._env, self._prefix, self._say = dict(env or {}), prefix, say
        self._ready = False
        self._describing = threading.Lock()
        self.supervisor = Supervisor(self.state.logs, changed=self._describe)

    def start(self) -> None:
        """Bring everything up and return when it is ready; whatever was started is stopped when that fails."""
        self.state.take()
        try:
            if self._port and not is_free(self._port):
                raise LocalSuiteError(
                    f"port {self._port} is busy; set PORT to a free port, for example `make run PORT=8081`."
                )
            self._bring_up()
        except BaseException:
            self.stop()
            raise

    def stop(self) -> None:
        """Stop every process, the portal first and the servers last; none is left."""
        self.supervisor.stop()
        self.state.release()

    @property
    def processes(self) -> dict[str, int]:
        """Name -> pid of everything that is supervised now, servers included."""
        return self.supervisor.pids()

    def kill(self, name: str) -> int:
        """`kill -9` one process; it comes back by itself. Returns the pid it had."""
        return self.supervisor.kill(name)

    def wait_ready(self, within: float = READY_WITHIN) -> None:
        """Wait until every process says that it is ready; LocalSuiteError names the one that does not."""
        waiting_for = dict(self.ports.ready_urls())

        def all_green() -> bool:
            for name in [name for name, url in waiting_for.items() if is_ready(url)]:
                del waiting_for[name]
            self._give_up_on_hopeless()
            return not waiting_for

        if not wait_until(all_green, within):
            logs = ", ".join(str(self.state.logs / f"{name}.log") for name in waiting_for)
            raise LocalSuiteError(f"not ready after {within:.0f} s: {', '.join(waiting_for)}; see {logs}")

    def _bring_up(self) -> None:
        self.keys = load_or_create_keys(self.state.folder / "keys.json")
        self.ports = Ports.free(self._port, self._commands)
        amqp_url, database_url = self._foreign
        self._say("starting RabbitMQ and PostgreSQL")
        self.broker = broker.choose_broker(self.state.folder, self.keys["rabbitmq"], amqp_url, self._say)
        self.postgres = postgres.choose_postgres(self.state.folder, self.keys["postgres"], database_url)
        socket = self.state.folder / "prefork.sock"
        self.supervisor.start(*self.postgres.children, *self.broker.children, prefork_spec(socket, self._tree))
        self._await(self.postgres, postgres.is_postgres_up)
        # Those of the owners, for tests and whoever else looks: the processes have roles with fewer rights.
        self.databases, of_processes = databases.provide_runtime_roles(
            self.postgres.url,
            {owner: self.keys[f"owner.{owner}"] for owner in OWNERS},
            {owner: self.keys[f"database.{owner}"] for owner in OWNERS},
            self._prefix,
        )
        env = {"QUOTE_MAIL_FOLDER": str(self.outbox), **self._env}
        # Another version's migrations may know of no roles.
        has_roles = self._tree == ROOT
        self.settings = ProcessSettings(
            self.ports,
            self.keys,
            of_processes if has_roles else self.databases,
            self.broker.url,
            env,
            socket,
            self._tree,
            self._commands,
            owners=self.databases if has_roles else {},
        )
        self._await_prefork(socket)
        specs = self.settings.specs()
        patient = [spec for spec in specs if kind_of(spec.name) not in NEEDS_BROKER]
        if self._is_prepared():
            # RabbitMQ takes the longest to start: what can do without it meanwhile starts beside it
            self.supervisor.start(*patient)
            self._await(self.broker, amqp.is_broker_up)
        else:
            self._await(self.broker, amqp.is_broker_up)
            self._prepare(self.settings)
            self.supervisor.start(*patient)
        self._say("starting the services and the portal")
        self.supervisor.start(*(spec for spec in specs if kind_of(spec.name) in NEEDS_BROKER))
        self.wait_ready()
        self._ready = True
        self._describe()

    @property
    def outbox(self) -> Path:
        """Where emails land, as files."""
        return self.state.folder / "outbox"

    def _await(self, server: Server, answers: Callable[[str], bool]) -> None:
        def ready() -> bool:
            self._give_up_on_hopeless()
            return answers(server.url)

        if not wait_until(ready, SERVERS_WITHIN):
            raise LocalSuiteError(f"{server.how} did not answer within {SERVERS_WITHIN:.0f} s; see {self.state.logs}")

    def _await_prefork(self, socket: Path) -> None:
        def ready() -> bool:
            self._give_up_on_hopeless()
            return is_there(socket)

        if not wait_until(ready, READY_WITHIN):
            raise LocalSuiteError(f"prefork was not ready within {READY_WITHIN:.0f} s; see {self.state.logs}")

    def _is_prepared(self) -> bool:
        """Whether the last start migrated and seeded with the same code into the same data folders."""
        if any(self._foreign) or FILES_OF_THE_OPERATOR & self._env.keys():
            return False
        stamp = self.state.folder / "prepared"
        return stamp.exists() and stamp.read_text() == self._fingerprint()

    def _prepare(self, settings: ProcessSettings) -> None:
        self._say("updating databases and catalogues")
        run_preparations(settings.preparations(), self.state.logs)
        (self.state.folder / "prepared").write_text(self._fingerprint())

    def _fingerprint(self) -> str:
        data = ("postgres/PG_VERSION", f"rabbitmq/data/{rabbitmq.NODE}", "rabbitmq-container")
        return digest_preparation([self.state.folder / path for path in data], self._env)

    def _give_up_on_hopeless(self) -> None:
        for name, crashes in self.supervisor.crashes.items():
            if crashes >= HOPELESS and not self._ready:
                log = self.state.logs / f"{name}.log"
                raise LocalSuiteError(f"{name} does not start: {last_line(log)} (see {log})")

    def _describe(self) -> None:
        if not self._ready:
            return
        facts = {
            "today": self._env.get("SUITE_TODAY", ""),
            "portal_url": self.ports.portal_url,
            "payment_page_url": self.ports.page_url,
            "ready_urls": self.ports.ready_urls(),
            "amqp_url": self.broker.url,
            "database_urls": self.databases,
            "logs": str(self.state.logs),
            "outbox": str(self.outbox),
            "written": time.strftime("%Y-%m-%dT%H:%M:%S%z"),
            "processes": self.processes,
        }
        with self._describing:
            self.state.describe(facts)
