"""The process table of the suite on one machine: who runs, with which settings, and where each one says it is ready."""

import os
import sys
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace
from pathlib import Path
from urllib.parse import urlsplit

from chassis.identity import public_jwks
from deploy.local.children import ProcessSpec
from deploy.local.keys import OWNERS, SERVICES
from deploy.local.ports import free_port

ROOT = Path(__file__).resolve().parents[2]
HOST = "127.0.0.1"
COMMANDS: dict[str, tuple[str, ...]] = {
    "rpc": ("services", "rpc", *SERVICES),
    "worker": ("services", "worker", *SERVICES),
    "relay": ("chassis.relay", *SERVICES),
    "page": ("services.payment", "page"),
    "sandbox": ("services.payment", "sandbox"),
    "gateway": ("gateway", "serve"),
}
"""Name -> module and arguments; started in this order, stopped in the reverse one. `worker.2` is a second worker."""
PREPARATIONS = (
    (("services", "migrate", *SERVICES), ("gateway", "migrate")),
    (("services", "seed", *SERVICES), ("gateway", "seed")),
)
"""Rounds of commands. Those of one round run side by side: the gateway's database has nothing to do with the others."""
NEVER_FORKED = ("worker",)
"""Processes that the common parent cannot fork: eventlet patches a worker before anything is imported."""
SAY_WHEN_READY = ("rpc", "worker", "relay")
"""Processes with a port for nothing but their health."""
AUDIENCE = {"page": ("payment",), "sandbox": ("payment",), "gateway": ("gateway",)}
"""Whose secrets a process is given; one that is not named here gets those of the five services."""
DATABASES_ALONE = ("relay",)
"""Processes that call nobody and decrypt nothing."""
PASSED_ON = ("PATH", "HOME", "LANG", "LC_ALL", "TZ", "TMPDIR", "SSL_CERT_FILE", "PYTHONDONTWRITEBYTECODE")
"""All that a process inherits: settings left in a terminal must not reach it by accident."""


def kind_of(name: str) -> str:
    """`worker` of `worker.2`."""
    return name.partition(".")[0]


@dataclass(frozen=True)
class Ports:
    """Where the processes listen on 127.0.0.1."""

    gateway: int
    page: int
    sandbox: int
    rpc: int
    health: Mapping[str, int]

    @classmethod
    def free(cls, gateway: int, names: Iterable[str] = COMMANDS) -> "Ports":
        """Free ports for the processes of these names; `gateway` 0 means that it may have any as well."""
        health = {name: free_port() for name in names if kind_of(name) in SAY_WHEN_READY}
        return cls(gateway or free_port(), free_port(), free_port(), free_port(), health)

    @property
    def portal_url(self) -> str:
        return f"http://{HOST}:{self.gateway}"

    @property
    def page_url(self) -> str:
        """Another name for the same machine: the payment page is an origin, and a site, of its own."""
        return f"http://localhost:{self.page}"

    def ready_urls(self) -> dict[str, str]:
        """What answers 200 once the process of that name can work."""
        ports = {**self.health, "page": self.page, "gateway": self.gateway}
        return {name: f"http://{HOST}:{port}/readyz" for name, port in ports.items()}


@dataclass(frozen=True)
class ProcessSettings:
    """What the environment of each process is made of."""

    ports: Ports
    keys: Mapping[str, str]
    databases: Mapping[str, str]
    amqp_url: str
    extra: Mapping[str, str]
    # The socket of the process that forks the others; without it each is started by itself.
    parent: Path | None = None
    # The code that they run; another version's folder holds what set-up generates, as this one does.
    tree: Path = ROOT
    commands: Mapping[str, tuple[str, ...]] = field(default_factory=lambda: COMMANDS)
    # The databases as their owners', for migrations and seeds; without them the processes are the owners.
    owners: Mapping[str, str] = field(default_factory=dict)

    def environment(self, process: str) -> dict[str, str]:
        """The whole environment of one process: what all share, its ports, the secrets it needs and no others."""
        passed = {name: os.environ[name] for name in PASSED_ON if name in os.environ}
        secrets: dict[str, str] = {}
        for owner in AUDIENCE.get(process, SERVICES):
            secrets |= self._database(owner) if process in DATABASES_ALONE else self._secrets(owner)
        health = self.ports.health.get(process)
        own = {"HEALTH_PORT": str(health)} if health else {}
        return {**passed, **code_of(self.tree), **self._shared(), **secrets, **own, **self.extra}

    def _shared(self) -> dict[str, str]:
        ports = self.ports
        return {
            "PYTHONUNBUFFERED": "1",
            "SUITE_ENV": "local",
            "AMQP_URL": self.amqp_url,
            "IDENTITY_TRUSTED_KEYS": public_jwks([self.keys[f"identity.{owner}"] for owner in OWNERS]),
            "RPC_HOST": HOST,
            "RPC_PORT": str(ports.rpc),
            **{f"{service.upper()}_RPC_ADDRESS": f"{HOST}:{ports.rpc}" for service in SERVICES},
            "PORT": str(ports.gateway),
            "PORTAL_URL": ports.portal_url,
            "PAYMENT_PAGE_PORT": str(ports.page),
            "PAYMENT_PAGE_URL": ports.page_url,
            "PAYMENT_PROCESSOR_URL": f"http://{HOST}:{ports.sandbox}",
            "SANDBOX_PORT": str(ports.sandbox),
        }

    def _secrets(self, owner: str) -> dict[str, str]:
        prefix = owner.upper()
        return {
            **self._database(owner),
            f"{prefix}_IDENTITY_KEY": self.keys[f"identity.{owner}"],
            **{name: value for name, value in self.keys.items() if name.startswith(f"{prefix}_")},
        }

    def _database(self, owner: str) -> dict[str, str]:
        return {f"{owner.upper()}_DATABASE_URL": self.databases[owner]}

    def specs(self) -> list[ProcessSpec]:
        """The processes of the suite, in the order of their start."""
        return [self.spec(name, command) for name, command in self.commands.items()]

    def preparations(self) -> list[list[ProcessSpec]]:
        """The commands that have to succeed before the processes start, one round after the other."""
        return [[self._preparation(*command) for command in commands] for commands in PREPARATIONS]

    def _preparation(self, module: str, *arguments: str) -> ProcessSpec:
        spec = self.spec(module, (module, *arguments))
        of_owners: dict[str, str] = {}
        for owner in AUDIENCE.get(module, SERVICES) if self.owners else ():
            of_owners[f"{owner.upper()}_DATABASE_URL"] = self.owners[owner]
            of_owners[f"{owner.upper()}_DATABASE_ROLE"] = urlsplit(self.databases[owner]).username or ""
        return replace(spec, name=f"{module}-{arguments[0]}", env={**spec.env, **of_owners})

    def spec(self, name: str, command: tuple[str, ...]) -> ProcessSpec:
        """One Python process of this repository; `name` decides which secrets it gets."""
        parent = None if kind_of(name) in NEVER_FORKED else self.parent
        argv = (sys.executable, "-m", *command)
        return ProcessSpec(name, argv, env=self.environment(name), cwd=self.tree, parent=parent)


def code_of(tree: Path) -> dict[str, str]:
    """What has Python import the code of `tree`; the packages are those of this interpreter in any case."""
    return {} if tree == ROOT else {"PYTHONPATH": f"{tree}{os.pathsep}{tree / 'generated'}"}


def prefork_spec(socket: Path, tree: Path = ROOT) -> ProcessSpec:
    """The process that forks the others. What Python reads at its start alone has to be in its environment."""
    env = {
        **{name: os.environ[name] for name in PASSED_ON if name in os.environ},
        **code_of(tree),
        "PYTHONUNBUFFERED": "1",
        "OPENBLAS_NUM_THREADS": "1",  # it starts threads at its import, and nothing here multiplies matrices
    }
    argv = (sys.executable, "-m", "deploy.local.prefork", str(socket))
    return ProcessSpec("prefork", argv, env=env, cwd=tree)
