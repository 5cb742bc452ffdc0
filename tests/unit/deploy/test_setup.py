"""The stages of set-up: what is up to date is left alone, what cannot go on says what to do."""

import base64
import hashlib
import io
import json
import os
import shutil
import sys
import tarfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from deploy.local import setup


@pytest.fixture
def runs() -> list[str]:
    return []


def run_stage(folder: Path, runs: list[str], lock: str) -> None:
    (folder / "lock").write_text(lock)
    setup.stage("packages", folder / ".stamp", ["python 3.11", folder / "lock"], lambda: runs.append(lock))


def test_a_stage_with_unchanged_inputs_is_skipped(tmp_path: Path, runs: list[str]) -> None:
    run_stage(tmp_path, runs, "a")
    run_stage(tmp_path, runs, "a")
    assert runs == ["a"]


def test_a_changed_lock_runs_the_stage_again(tmp_path: Path, runs: list[str]) -> None:
    run_stage(tmp_path, runs, "a")
    run_stage(tmp_path, runs, "b")
    assert runs == ["a", "b"]


def test_a_stage_that_failed_runs_again(tmp_path: Path) -> None:
    def fail() -> None:
        raise setup.SetupFailed("no network")

    with pytest.raises(setup.SetupFailed):
        setup.stage("packages", tmp_path / ".stamp", ["x"], fail)
    assert not (tmp_path / ".stamp").exists()


@pytest.mark.parametrize("version", [(3, 10), (3, 14)])
def test_an_unsupported_python_is_refused_with_the_way_out(
    version: tuple[int, int], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(sys, "version_info", version)
    with pytest.raises(setup.SetupFailed, match=r"make PYTHON=python3\.11"):
        setup.check_python()


def test_a_person_without_root_is_told_which_package_is_missing(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(os, "geteuid", lambda: 1000)
    with pytest.raises(setup.SetupFailed, match="apt-get install python3-venv"):
        setup.install_ensurepip()


def test_a_failed_command_names_the_log(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(setup, "LOG", tmp_path / "setup.log")
    with pytest.raises(setup.SetupFailed, match=r"could not be installed \(see .*setup\.log\)"):
        setup.run_command([sys.executable, "-c", "print('why'); raise SystemExit(1)"], "It could not be installed")
    assert "why" in (tmp_path / "setup.log").read_text()


@pytest.fixture
def commands(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> list[list[str]]:
    """The commands of an installation into an empty environment; none of them runs."""
    ran: list[list[str]] = []
    monkeypatch.setattr(setup, "VENV", tmp_path)
    monkeypatch.setattr(setup, "run_command", lambda command, failure, env=None: ran.append(list(command)))
    return ran


def test_uv_is_installed_alone_by_pip_and_then_installs_the_lock(commands: list[list[str]]) -> None:
    setup.install_packages(setup.LOCAL)
    by_pip, by_uv = commands
    assert "--no-deps" in by_pip
    assert "--require-hashes" in by_pip
    assert by_uv[0].endswith("/bin/uv")
    assert by_uv[-3:] == ["--require-hashes", "-r", str(setup.LOCAL)]


def test_uv_is_pinned_by_version_and_hashes(monkeypatch: pytest.MonkeyPatch) -> None:
    handed: list[str] = []
    monkeypatch.setattr(
        setup, "run_command", lambda command, failure, env=None: handed.append(Path(command[-1]).read_text())
    )
    setup.install_uv()
    first, *hashes = handed[0].strip().splitlines()
    assert first.startswith("uv==")
    assert hashes and all(line.strip().startswith("--hash=sha256:") for line in hashes)


def test_pip_installs_the_lock_where_uv_fails(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    ran: list[str] = []

    def run(command: list[str], failure: str, env: object = None) -> None:
        ran.append(" ".join(command))
        if "/bin/uv" in command[0]:
            raise setup.SetupFailed(failure)

    monkeypatch.setattr(setup, "VENV", tmp_path)
    monkeypatch.setattr(setup, "run_command", run)
    setup.install_packages(setup.LOCAL)
    assert ran[-1].endswith(f"--require-hashes -r {setup.LOCAL}")
    assert " -m pip install " in ran[-1]


def test_the_index_that_pip_is_configured_with_is_handed_to_uv(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PIP_INDEX_URL", "https://mirror.example/simple")
    monkeypatch.setenv("PIP_CERT", "/etc/ssl/mirror.pem")
    monkeypatch.setenv("SSL_CERT_FILE", "/etc/ssl/own.pem")
    found = setup.package_indexes()
    assert found["UV_DEFAULT_INDEX"] == "https://mirror.example/simple"
    assert "SSL_CERT_FILE" not in found  # what the environment says already stands


def test_the_locks_grow_from_running_to_developing() -> None:
    def pinned(name: str) -> set[str]:
        lines = (setup.ROOT / name).read_text().splitlines()
        return {line.split(" ")[0] for line in lines if line[:1].isalnum()}

    runtime, local, everything = map(pinned, ("requirements.lock", "requirements-local.lock", "requirements-dev.lock"))
    assert runtime < local < everything


def pack_archive(folder: Path, files: dict[str, str]) -> str:
    """Write the archive of an npm package; its integrity as a lock file gives it."""
    archive = folder / "package-1.0.0.tgz"
    with tarfile.open(archive, "w:gz") as packed:
        for name, content in files.items():
            member = tarfile.TarInfo(f"package/{name}")
            member.size = len(content)
            packed.addfile(member, io.BytesIO(content.encode()))
    return f"sha512-{base64.b64encode(hashlib.sha512(archive.read_bytes()).digest()).decode()}"


@pytest.fixture
def lock(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> dict[str, str]:
    """What the lock file says of the one package that the portal serves; npm fetches an archive of it."""
    files = {"dist/css/theme.css": "css", "dist/css/deep/more.css": "more", "dist/cssless.js": "js", "LICENSE": "terms"}
    said = {"version": "1.0.0", "integrity": pack_archive(tmp_path, files)}

    def fetch(command: list[str], failure: str, env: object = None) -> None:
        assert command[command.index("pack") + 1] == "@cmsgov/theme@1.0.0"
        # not packed again: its bytes say when, to the second
        shutil.copy(tmp_path / "package-1.0.0.tgz", command[-1])

    monkeypatch.setattr(setup, "npm", lambda: ["npm"])
    monkeypatch.setattr(setup, "run_command", fetch)
    monkeypatch.setattr(setup, "VENDOR", tmp_path / "vendor")
    monkeypatch.setattr(setup, "SERVED", {"@cmsgov/theme": {"dist/css": "theme/css", "LICENSE": "theme/LICENSE"}})
    monkeypatch.setattr(setup, "PACKAGE_LOCK", tmp_path / "package-lock.json")
    return said


def write_lock(said: dict[str, str]) -> None:
    setup.PACKAGE_LOCK.write_text(json.dumps({"packages": {"node_modules/@cmsgov/theme": said}}))


def test_the_portal_is_given_the_files_of_a_package_that_it_serves_and_no_others(lock: dict[str, str]) -> None:
    write_lock(lock)
    setup.fetch_front_end()
    found = {str(path.relative_to(setup.VENDOR)) for path in setup.VENDOR.rglob("*") if path.is_file()}
    assert found == {"theme/css/theme.css", "theme/css/deep/more.css", "theme/LICENSE"}
    assert (setup.VENDOR / "theme/css/deep/more.css").read_text() == "more"


def test_a_package_that_is_not_the_one_of_the_lock_is_not_served(lock: dict[str, str]) -> None:
    write_lock({**lock, "integrity": f"sha512-{base64.b64encode(bytes(64)).decode()}"})
    with pytest.raises(
        setup.SetupFailed, match=r"package-1\.0\.0\.tgz is not the package that package-lock\.json names"
    ):
        setup.fetch_front_end()
    assert not setup.VENDOR.exists()


def test_a_package_without_a_file_that_is_served_leaves_the_files_of_before(
    lock: dict[str, str], monkeypatch: pytest.MonkeyPatch
) -> None:
    write_lock(lock)
    setup.fetch_front_end()
    monkeypatch.setattr(setup, "SERVED", {"@cmsgov/theme": {"dist/css": "theme/css", "dist/fonts": "theme/fonts"}})
    with pytest.raises(setup.SetupFailed, match=r"package-1\.0\.0\.tgz has no package/dist/fonts; SERVED in setup\.py"):
        setup.fetch_front_end()
    assert (setup.VENDOR / "theme/LICENSE").exists()


@pytest.mark.parametrize(("arguments", "installs"), [(["run"], True), (["files"], False), ([], False)])
def test_a_broker_is_installed_for_running_alone(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, arguments: list[str], installs: bool
) -> None:
    done: list[str] = []

    @contextmanager
    def install_broker() -> Iterator[None]:
        done.append("broker begins")
        yield
        done.append("broker ends")

    monkeypatch.setattr(setup, "LOG", tmp_path / "logs" / "setup.log")
    monkeypatch.setattr(setup, "broker_installation", install_broker)
    for stage in ("prepare_environment", "prepare_to_run", "prepare_development"):
        monkeypatch.setattr(setup, stage, lambda stage=stage: done.append(stage))
    fonts: list[bool] = []
    monkeypatch.setattr(setup, "prepare_fonts", lambda required: fonts.append(required))
    assert setup.main(arguments) == 0
    assert fonts == [arguments == ["files"]], "an image is not made without them"
    around = ["broker begins", "prepare_to_run", "broker ends"] if installs else ["prepare_to_run"]
    assert done == ["prepare_environment", *around, *([] if arguments else ["prepare_development"])]


def test_set_up_that_fails_waits_for_the_broker_that_is_being_installed(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    installer = tmp_path / "python"
    installer.write_text(f"#!/bin/sh\nsleep 0.5\ntouch {tmp_path}/installed\n")
    installer.chmod(0o755)
    monkeypatch.setattr(setup, "VENV", tmp_path)
    monkeypatch.setattr(setup, "LOG", tmp_path / "setup.log")
    monkeypatch.setattr(setup, "PYTHON", installer)
    with pytest.raises(setup.SetupFailed), setup.broker_installation():
        raise setup.SetupFailed("no network")
    assert (tmp_path / "installed").exists()


def test_a_broker_is_installed_beside_the_packages_at_a_first_start_only(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capfd: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr(setup, "VENV", tmp_path)
    monkeypatch.setattr(setup, "LOG", tmp_path / "setup.log")
    monkeypatch.setattr(setup, "PYTHON", "echo")
    with setup.broker_installation():
        pass
    assert "deploy.local.servers.broker" in capfd.readouterr().out
    (tmp_path / ".stamp-packages").touch()
    with setup.broker_installation():
        pass
    assert capfd.readouterr().out == ""


def test_fonts_that_cannot_be_had_stop_an_image_and_no_machine(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    script = tmp_path / "fonts.py"
    script.write_text("print('no packages here'); raise SystemExit(1)")
    monkeypatch.setattr(setup, "LOG", tmp_path / "setup.log")
    monkeypatch.setattr(setup, "FONTS", tmp_path / "fonts")
    monkeypatch.setattr(setup, "FETCH_FONTS", script)
    setup.prepare_fonts(required=False)
    assert "no packages here" in capsys.readouterr().out
    with pytest.raises(setup.SetupFailed, match="no packages here"):
        setup.prepare_fonts(required=True)
