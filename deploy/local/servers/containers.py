"""RabbitMQ and PostgreSQL in throw-away containers, for the integration tests."""

import os
import secrets
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager

from deploy.local.errors import LocalSuiteError
from deploy.local.servers import Server, amqp, docker, postgres
from deploy.local.waiting import wait_until

IMAGES = {
    "rabbitmq": ("TEST_RABBITMQ_IMAGE", docker.IMAGE, "suite-rabbitmq:local"),
    "postgres": ("TEST_POSTGRES_IMAGE", "postgres:18", "suite-postgres:local"),
}
"""Server -> the variable that names its image, the image without it, what `make images-local` builds."""
STARTED_WITHIN = 90.0
"""Seconds until a fresh container answers: 10 on an idle machine with two cores."""


def image(server: str) -> str | None:
    """The image to use for a server; None without a Docker engine or where no image can be had."""
    engine = docker.find_docker()
    if engine is None:
        return None
    setting, default, local = IMAGES[server]
    named = os.environ.get(setting)
    wanted = [named] if named else [default]
    if docker.has_image(engine, wanted[0]):
        return wanted[0]
    if docker.has_image(engine, local):
        return local
    return wanted[0] if docker.pull_image(engine, wanted[0]) else None


@contextmanager
def run_rabbitmq() -> Iterator[Server]:
    """A broker; the container goes away at the end."""
    word = secrets.token_urlsafe(12)
    env = {"RABBITMQ_DEFAULT_USER": "suite", "RABBITMQ_DEFAULT_PASS": word}
    with running("rabbitmq", 5672, env, (), f"amqp://suite:{word}@{{address}}/", amqp.is_broker_up) as server:
        yield server


@contextmanager
def database() -> Iterator[Server]:
    """A PostgreSQL server; the container goes away at the end."""
    word = secrets.token_urlsafe(12)
    env = {"POSTGRES_USER": postgres.ADMIN, "POSTGRES_PASSWORD": word}
    url = f"postgresql://{postgres.ADMIN}:{word}@{{address}}/postgres"
    with running("postgres", 5432, env, postgres.OPTIONS, url, postgres.is_postgres_up) as server:
        yield server


@contextmanager
def running(
    server: str, port: int, env: dict[str, str], options: tuple[str, ...], url: str, answers: Callable[[str], bool]
) -> Iterator[Server]:
    """One container with `port` published on 127.0.0.1 alone; yields when the server in it answers."""
    # The reaper needs an image of its own, which is not to be had everywhere; the containers end with the test run.
    os.environ.setdefault("TESTCONTAINERS_RYUK_DISABLED", "true")
    from testcontainers.core.container import DockerContainer

    name = image(server)
    if name is None:
        raise LocalSuiteError(
            f"no Docker engine answers, or it has no image of {server}; start Docker and run `make images-local`."
        )
    container = DockerContainer(name)
    # Loopback and any free port; the public method takes no address.
    container.ports = {str(port): ("127.0.0.1", None)}  # type: ignore[dict-item]  # docker takes a pair
    if options:
        container.with_command(list(options))
    for variable, value in env.items():
        container.with_env(variable, value)
    with ExitStack() as stack:
        stack.enter_context(container)
        where = url.format(address=f"127.0.0.1:{container.get_exposed_port(port)}")
        if not wait_until(lambda: answers(where), STARTED_WITHIN):
            raise LocalSuiteError(f"the container of {name} did not answer within {STARTED_WITHIN:.0f} s")
        yield Server(where, f"a container of {name}")
