"""docs/reference/settings.md names every variable that a process reads, and none that nobody reads."""

import importlib
import re
from collections.abc import Iterator
from pathlib import Path

from pydantic_settings import BaseSettings

from chassis.settings import ServiceSettings, SuiteSettings

ROOT = Path(__file__).parents[3]
OWNERS = ("quote", "enrollment", "pcp", "payment", "documents", "gateway")
# Read without a settings class: by the launcher, the crash points and the integration tests.
ELSEWHERE = {"SUITE_STATE", "DATABASE_URL", "CHASSIS_CRASH_AT", "TEST_SERVERS"}
ELSEWHERE |= {"TEST_RABBITMQ_IMAGE", "TEST_POSTGRES_IMAGE"}


def documented() -> set[str]:
    rows = re.findall(r"^\| `([A-Z_<>]+)` \|", (ROOT / "docs/reference/settings.md").read_text(), re.MULTILINE)
    return {row.replace("<SERVICE>", owner.upper()) for row in rows for owner in OWNERS}


def read_by_code() -> set[str]:
    names = {field.upper() for field in SuiteSettings.model_fields}
    for owner in OWNERS:
        module = "gateway.__main__" if owner == "gateway" else f"services.{owner}.__main__"
        importlib.import_module(module)
        names |= {f"{owner.upper()}_{field.upper()}" for field in ServiceSettings.model_fields}
    for kind in (*_below(ServiceSettings), *_below(SuiteSettings)):
        if kind.__module__.startswith(("services.", "gateway")):
            names |= set(_variables(kind))
    return names


def _below(kind: type[BaseSettings]) -> Iterator[type[BaseSettings]]:
    for below in kind.__subclasses__():
        yield below
        yield from _below(below)


def _variables(kind: type[BaseSettings]) -> Iterator[str]:
    owner = kind.__module__.removeprefix("services.").split(".")[0].upper()
    prefix = f"{owner}_" if issubclass(kind, ServiceSettings) else ""
    for name, field in kind.model_fields.items():
        yield str(field.validation_alias) if field.validation_alias else f"{prefix}{name.upper()}"


def test_every_variable_that_a_process_reads_is_documented() -> None:
    missing = sorted(read_by_code() - documented())
    assert not missing, f"describe {', '.join(missing)} in docs/reference/settings.md: a process reads it"


def test_no_variable_is_documented_that_nobody_reads() -> None:
    unread = sorted(documented() - read_by_code() - ELSEWHERE)
    assert not unread, f"remove {', '.join(unread)} from docs/reference/settings.md: nothing reads it"
