"""Free ports."""

import random

import pytest

from deploy.local import ports


def test_a_free_port_is_given_out_only_once(monkeypatch: pytest.MonkeyPatch) -> None:
    draws = iter([25_000, 25_000, 25_001])
    monkeypatch.setattr(random, "randrange", lambda *_: next(draws))
    monkeypatch.setattr(ports, "is_free", lambda port: True)
    monkeypatch.setattr(ports, "_given", set())

    assert [ports.free_port(), ports.free_port()] == [25_000, 25_001]
