"""Containers for machines that have a Docker engine but no RabbitMQ of their own."""

import os
import shutil
import subprocess
from pathlib import Path

from deploy.local.children import ProcessSpec
from deploy.local.ports import free_port
from deploy.local.servers import Server
from deploy.local.servers.rabbitmq import USER

IMAGE = "rabbitmq:4.3"
PULL_WITHIN = 300
"""Seconds for fetching the image the first time (about 110 MB)."""

HOLD = """
trap 'kill -TERM $server' TERM
exec 3<&0
docker-entrypoint.sh rabbitmq-server & server=$!
(cat <&3 >/dev/null; kill -TERM $server) &
wait $server; wait $server
"""
"""The container lives as long as the launcher holds its standard input: also a `kill -9` of the launcher ends it."""


def find_docker() -> str | None:
    """The docker command, when an engine answers it."""
    docker = shutil.which("docker")
    if docker is None:
        return None
    done = subprocess.run((docker, "info"), capture_output=True, timeout=20)
    return docker if done.returncode == 0 else None


def has_image(docker: str, image: str) -> bool:
    """Whether the engine has the image."""
    return subprocess.run((docker, "image", "inspect", image), capture_output=True).returncode == 0


def pull_image(docker: str, image: str) -> bool:
    """Fetch the image; False where its registry cannot be reached."""
    try:
        return subprocess.run((docker, "pull", "-q", image), capture_output=True, timeout=PULL_WITHIN).returncode == 0
    except subprocess.TimeoutExpired:
        return False


def start_broker(docker: str, image: str, state: Path, password: str) -> Server:
    """RabbitMQ in a container that keeps its data in `state`/rabbitmq-container."""
    data = state / "rabbitmq-container"
    data.mkdir(parents=True, exist_ok=True)
    port = free_port()
    argv = (
        *(docker, "run", "--rm", "-i", "--hostname", "suite", "-p", f"127.0.0.1:{port}:5672"),
        *("-v", f"{data}:/var/lib/rabbitmq", "-e", f"RABBITMQ_DEFAULT_USER={USER}", "-e", "RABBITMQ_DEFAULT_PASS"),
        *(image, "sh", "-c", HOLD),
    )
    env = {**os.environ, "RABBITMQ_DEFAULT_PASS": password}
    spec = ProcessSpec("rabbitmq", argv=argv, env=env, stop_within=30, holds_stdin=True)
    return Server(f"amqp://{USER}:{password}@127.0.0.1:{port}/", how=f"a container of {image}", children=(spec,))
