"""RabbitMQ: an own node, private to one state folder, of the `rabbitmq-server` installed on the machine.

`broker.choose` decides whether this one is used. The node listens on 127.0.0.1 alone, distribution included, and is
started without the package's wrapper, which insists on a system user and on the system's folders.
"""

import os
import shutil
import signal
from pathlib import Path

from deploy.local.children import ProcessSpec
from deploy.local.errors import LocalSuiteError
from deploy.local.ports import free_port
from deploy.local.servers import Server
from deploy.local.waiting import wait_until

PACKAGED = Path("/usr/lib/rabbitmq/bin/rabbitmq-server")
USER = "suite"
NODE = "suite@localhost"
"""Fixed: the node's data is bound to its name. `localhost` needs no resolver and keeps the node off the network."""

ERLANG_ARGUMENTS = (
    "-kernel inet_dist_use_interface {127,0,0,1} -start_epmd false",
    # Milliseconds. Each quorum queue looks at its members and counts its messages for statistics as often as this. At
    # the usual 5 s that is half of what an idle node uses, and this node is alone and asked for no statistics.
    "-rabbit quorum_tick_interval 30000",
)

STOP_WITHIN = 30.0
"""Seconds in which a node closes its connections and message stores: 1.5 on an idle machine."""


def find_rabbitmq() -> Path | None:
    """The broker's start script, or None where RabbitMQ is not installed."""
    if PACKAGED.exists():
        return PACKAGED.resolve()
    found = shutil.which("rabbitmq-server")
    return Path(found).resolve() if found else None


def start_node(script: Path, state: Path, password: str) -> Server:
    """A node that keeps everything it writes in `state`/rabbitmq, on free ports."""
    home = state / "rabbitmq"
    await_end_of_last(home / "pid")
    port, epmd_port = free_port(), free_port()
    write_settings(home, port, password)
    slim_installation(script, home / "server")
    env = environment(script, home, epmd_port)
    # The port mapper that Erlang would start by itself outlives its node; an own one is stopped with the suite.
    epmd = ProcessSpec(
        "epmd", argv=(shutil.which("epmd") or "epmd", "-port", str(epmd_port), "-address", "127.0.0.1"), env=env
    )
    # Both ends are orderly ones: 3.10 writes the register of a new quorum queue to disk up to 3 s later, and a queue
    # that is missing there after a crash finds no leader at the next start.
    broker = ProcessSpec("rabbitmq", argv=(str(script),), env=env, stop_within=STOP_WITHIN, death=signal.SIGTERM)
    url = f"amqp://{USER}:{password}@127.0.0.1:{port}/"
    return Server(url=url, how=f"the suite's own node of {script}", children=(epmd, broker))


def await_end_of_last(pid_file: Path) -> None:
    """Let the node of a launcher that was killed finish its stop: two nodes on one folder would destroy its data."""
    if not pid_file.exists():
        return
    environ = Path(f"/proc/{pid_file.read_text().strip()}/environ")

    def gone() -> bool:
        try:
            return f"RABBITMQ_PID_FILE={pid_file}".encode() not in environ.read_bytes()
        except OSError:
            return True

    if not wait_until(gone, STOP_WITHIN):
        raise LocalSuiteError(
            f"an old RabbitMQ node is still running; stop process {environ.parent.name} and start again."
        )


def write_settings(home: Path, port: int, password: str) -> None:
    """The node's configuration; the user is made at the very first start."""
    (home / "data").mkdir(parents=True, exist_ok=True)
    settings = home / "rabbitmq.conf"
    settings.touch(mode=0o600)
    lines = (f"listeners.tcp.1 = 127.0.0.1:{port}", f"default_user = {USER}", f"default_pass = {password}")
    settings.write_text("\n".join(lines) + "\n")
    (home / "plugins").write_text("[].\n")


def slim_installation(script: Path, server: Path) -> None:
    """Mirror the installation by links, without its optional plugins.

    A starting node looks through every module of every plugin that lies there: 8.3 s with all of them, 4.3 s without
    (3.10.8, two cores).
    """
    installed = script.parents[1]
    shutil.rmtree(server, ignore_errors=True)
    (server / "plugins").mkdir(parents=True)
    (server / "sbin").symlink_to(installed / "sbin")
    if (installed / "escript").exists():
        (server / "escript").symlink_to(installed / "escript")
    for plugin in (installed / "plugins").iterdir():
        if not plugin.name.startswith("rabbitmq_") or plugin.name.startswith("rabbitmq_prelaunch"):
            (server / "plugins" / plugin.name).symlink_to(plugin)


def environment(script: Path, home: Path, epmd_port: int) -> dict[str, str]:
    """The node's whole environment: nothing of the machine's own RabbitMQ settings comes in."""
    return {
        "PATH": f"{script.parent}{os.pathsep}{os.environ['PATH']}",
        "LANG": "C.UTF-8",
        "HOME": str(home),
        "ERL_EPMD_PORT": str(epmd_port),
        "ERL_EPMD_ADDRESS": "127.0.0.1",
        "RABBITMQ_SCRIPTS_DIR": str(home / "server" / "sbin"),
        "RABBITMQ_NODENAME": NODE,
        "RABBITMQ_DIST_PORT": str(free_port()),
        "RABBITMQ_MNESIA_BASE": str(home / "data"),
        "RABBITMQ_LOG_BASE": str(home),
        "RABBITMQ_LOGS": "-",
        "RABBITMQ_CONFIG_FILE": str(home / "rabbitmq.conf"),
        "RABBITMQ_CONF_ENV_FILE": "/dev/null",
        "RABBITMQ_ENABLED_PLUGINS_FILE": str(home / "plugins"),
        "RABBITMQ_PID_FILE": str(home / "pid"),
        "RABBITMQ_SERVER_ADDITIONAL_ERL_ARGS": " ".join(ERLANG_ARGUMENTS),
        "RUNNING_UNDER_SYSTEMD": "true",  # the script then becomes the node instead of staying in front of it
    }
