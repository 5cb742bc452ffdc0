"""Which RabbitMQ the suite uses: the first of the ways that this machine offers.

`python -m deploy.local.servers.broker LOG` installs the package that `make run` would find missing. Set-up runs it
beside the installation of the Python packages, so it imports nothing of them.
"""

import os
import sys
import time
from collections.abc import Callable
from pathlib import Path

from deploy.local.errors import LocalSuiteError
from deploy.local.servers import Server, debian, docker, rabbitmq

NO_WAY = (
    "RabbitMQ is missing. Install it (`apt-get install rabbitmq-server`), start Docker, or set AMQP_URL to an existing "
    "broker. As root on Debian, `make run` installs it for you."
)


def choose_broker(state: Path, password: str, foreign: str | None, say: Callable[[str], None] = print) -> Server:
    """The broker to use: `foreign` (AMQP_URL), the machine's, a container's or Debian's.

    Raises `LocalSuiteError`, naming the ways out, where none of these can be had.
    """
    if foreign:
        return Server(url=foreign, how="the broker in AMQP_URL")
    script = rabbitmq.find_rabbitmq()
    if script is None:
        engine, image = docker.find_docker(), os.environ.get("RABBITMQ_IMAGE", docker.IMAGE)
        if engine and (docker.has_image(engine, image) or docker.pull_image(engine, image)):
            return docker.start_broker(engine, image, state, password)
        if debian.can_install() and debian.install_rabbitmq(state / "logs" / "setup.log", say):
            script = rabbitmq.find_rabbitmq()
    if script is None:
        raise LocalSuiteError(NO_WAY)
    return rabbitmq.start_node(script, state, password)


def install_missing_broker(log: Path) -> bool:
    """Install Debian's package where `choose_broker` would have to; False when nothing was installed."""
    if os.environ.get("AMQP_URL") or rabbitmq.find_rabbitmq() or docker.find_docker():
        return False
    return debian.can_install() and debian.install_rabbitmq(log, say=lambda line: None)


def main(arguments: list[str]) -> None:
    """Say what was installed, as a stage of set-up does; what failed is tried again, and told, by `choose_broker`."""
    started = time.monotonic()
    if install_missing_broker(Path(arguments[0])):
        print(f"set-up: RabbitMQ from Debian's packages, meanwhile ... {time.monotonic() - started:.0f} s")


if __name__ == "__main__":
    main(sys.argv[1:])
