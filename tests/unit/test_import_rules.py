"""The import rules of pyproject.toml find what they are there for (docs/adr/0001)."""

from __future__ import annotations

import shutil
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
PACKAGES = ("chassis", "services", "gateway", "portal")
LINT = [sys.executable, "-c", "from importlinter.cli import lint_imports_command; lint_imports_command()"]


@pytest.fixture
def copy(tmp_path: Path) -> Path:
    for package in PACKAGES:
        shutil.copytree(ROOT / package, tmp_path / package, ignore=shutil.ignore_patterns("static", "data", "*.pyc"))
    shutil.copy(ROOT / "pyproject.toml", tmp_path)
    return tmp_path


def lint(folder: Path) -> subprocess.CompletedProcess[str]:
    # without the repository's own path file the copy is what gets imported
    script = f"import sys; sys.path[:] = [p for p in sys.path if p != {str(ROOT)!r}]; sys.path.insert(0, '.'); "
    command = [*LINT[:2], script + LINT[2], "--no-cache"]
    return subprocess.run(command, cwd=folder, capture_output=True, text=True, timeout=100)


def test_the_repository_as_it_is_passes(copy: Path) -> None:
    assert lint(copy).returncode == 0


@pytest.mark.parametrize("package", ["gateway", "services/quote"])
def test_a_new_package_without_a_layer_fails(copy: Path, package: str) -> None:
    (copy / package / "helpers").mkdir()
    (copy / package / "helpers" / "__init__.py").touch()
    found = lint(copy)
    assert found.returncode == 1
    assert f"- {package.replace('/', '.')}.helpers" in found.stdout


@pytest.mark.parametrize(
    ("file", "line"),
    [
        ("gateway/edge/csrf.py", "import gateway.api.endpoint"),
        ("gateway/identity/passwords.py", "import gateway.pages.render"),
        ("services/quote/domain/plan.py", "import services.quote.usecases.ports"),
    ],
)
def test_an_inner_layer_that_imports_an_outer_one_fails(copy: Path, file: str, line: str) -> None:
    (copy / file).write_text(f"{line}\n" + (copy / file).read_text())
    assert lint(copy).returncode == 1
