"""No layer of a service imports anything from outside but what its row allows (docs/adr/0001)."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.layer_imports import MAY_IMPORT, Module, faults, used_entries

ROOT = Path(__file__).parents[2]
FOLDERS = ("services/*/**/*.py", "chassis/kernel/*.py", "chassis/contact_points.py")
MODULES = [
    Module(path.relative_to(ROOT).as_posix(), path.read_text())
    for pattern in FOLDERS
    for path in sorted(ROOT.glob(pattern))
]


def test_each_layer_imports_only_what_it_may() -> None:
    found = [fault for module in MODULES for fault in faults(module)]
    assert not found, "\n".join(found)


def test_every_entry_is_still_used_and_has_a_reason() -> None:
    used = {entry for module in MODULES for entry in used_entries(module)}
    listed = {(row, one) for row, entries in MAY_IMPORT.items() for key in entries for one in key.split()}
    assert used == listed, f"remove what nothing imports any more from MAY_IMPORT: {sorted(listed - used)}"
    assert all(reason for entries in MAY_IMPORT.values() for reason in entries.values())


@pytest.mark.parametrize(
    ("file", "line"),
    [
        ("services/enrollment/domain/money.py", "import numpy"),
        ("services/quote/domain/plan.py", "import requests"),
        ("services/quote/domain/plan.py", "import socket"),
        ("services/quote/domain/plan.py", "from threading import Thread"),
        ("services/quote/domain/plan.py", "from importlib import import_module"),
        ("services/quote/domain/plan.py", "from urllib import request"),
        ("services/quote/domain/plan.py", "from chassis import failpoints"),
        ("services/quote/domain/plan.py", "import chassis"),
        ("services/quote/domain/plan.py", "if TYPE_CHECKING:\n    import sqlalchemy"),
        ("services/quote/domain/plan.py", "def load():\n    import os"),
        ("services/quote/domain/plan.py", "from services.pcp.domain import provider"),
        ("services/quote/usecases/create_quote.py", "import time"),
        ("services/quote/usecases/create_quote.py", "from chassis.db import Database"),
        ("services/quote/contract/service.py", "import sqlalchemy"),
        ("services/quote/contract/service.py", "import chassis.db"),
        ("services/quote/contract/service.py", "from chassis.identity import PassIssuer"),
        ("services/quote/contract/service.py", "from suite.pcp.v1 import pcp_pb2"),
        ("services/quote/events/outgoing.py", "from chassis.db import Database"),
        ("services/quote/events/outgoing.py", "from chassis.bus.client import BusClient"),
        ("services/quote/remote/mail.py", "import httpx"),
        ("services/quote/remote/mail.py", "from chassis import db"),
        ("services/payment/store/payments.py", "import httpx"),
        ("services/payment/store/payments.py", "import chassis.bus.client"),
        ("services/pcp/store/directory.py", "from chassis.crypto import FieldCipher"),
        ("services/payment/settings.py", "import httpx"),
        ("services/payment/extra/anything.py", "import sys"),
        ("chassis/kernel/ids.py", "import random"),
        ("chassis/contact_points.py", "import socket"),
    ],
)
def test_an_import_that_is_not_listed_is_told(file: str, line: str) -> None:
    (found,) = faults(Module(file, line))
    assert found.startswith(f"{file}:{line.count(chr(10)) + 1} imports ")
    assert "in tests/layer_imports.py" in found


@pytest.mark.parametrize("call", ["open('rates.csv')", "__import__('socket')", "input()"])
def test_a_built_in_function_that_reads_is_told_in_a_pure_layer(call: str) -> None:
    (found,) = faults(Module("services/quote/domain/plan.py", f"content = {call}"))
    assert found.startswith(f"services/quote/domain/plan.py:1 calls {call.partition('(')[0]}, which domain may not")
    assert not list(faults(Module("services/quote/catalogue/rows.py", f"content = {call}")))


@pytest.mark.parametrize(
    ("file", "line"),
    [
        ("services/quote/domain/plan.py", "from datetime import date"),
        ("services/quote/domain/plan.py", "import collections.abc"),
        ("services/quote/domain/plan.py", "from services.quote.domain.money import total"),
        ("services/quote/domain/batch_rating.py", "import numpy.typing as npt"),
        ("services/quote/contract/service.py", "from suite.quote.v1 import quote_pb2"),
        ("services/payment/remote/sandbox_processor.py", "import httpx"),
    ],
)
def test_an_import_that_is_listed_passes(file: str, line: str) -> None:
    assert list(faults(Module(file, line))) == []
