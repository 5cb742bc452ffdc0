"""``POST /api/v1/plan-searches`` at 16 connections, beside bare Starlette and beside nameko alone, in one run."""

from __future__ import annotations

import json
import os
import re
import shutil
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from pathlib import Path
from statistics import median
from typing import Any

import httpx
import psutil
from rich.console import Console

from benchmarks import targets
from benchmarks.measurement import Measured, Target, print_targets
from benchmarks.targets import ANOTHER, SAME
from chassis.identity import generate_private_jwk, public_jwks
from chassis.settings import load_markets
from deploy.local.demo.__main__ import running_suite
from deploy.local.demo.api import Api
from deploy.local.ports import free_port

CONNECTIONS, SECONDS = 16, 4
# By turns, and the middle one of the ratios: what else the machine does then meets both sides.
ROUNDS = 5
STARTED_WITHIN, STOPPED_WITHIN = 30.0, 10.0
BODY = {
    "state": "IL",
    "zip": "60601",
    "county_fips": "17031",
    "effective_date": "2026-06-01",
    "coverage": "medical",
    "exchange": "any",
    "members": [
        {"relationship": "self", "date_of_birth": "1984-03-02"},
        {"relationship": "spouse", "date_of_birth": "1986-07-19", "tobacco_use": True},
        {"relationship": "child", "date_of_birth": "2013-11-05"},
        {"relationship": "child", "date_of_birth": "2018-01-30"},
    ],
}
# What wrk sends: the body as it is, or with another birth year and month for the first two people each time, so that
# no answer is at hand (17,424 households, from 25 to 36 years old).
SAME_BODY = "wrk.body = [[{body}]]"
OTHER_BODIES = """
local body, number = [[{body}]], 0
request = function()
  number = number + 1
  local function born(n) return string.format("%d-%02d-", 1990 + math.floor(n / 12) % 11, 1 + n % 12) end
  local sent = body:gsub("1984%-03%-", born(number)):gsub("1986%-07%-", born(math.floor(number / 132)))
  return wrk.format(nil, nil, nil, sent)
end
"""


def plan_searches() -> Measured:
    if not shutil.which("wrk"):
        print("Requests a second: not measured, wrk is missing (Debian: sudo apt-get install wrk)")
        return {}
    found: dict[Target, float] = {}
    with running_suite(Console(stderr=True)) as suite, starlette_baseline(suite) as bare, nameko_baseline(suite) as bus:
        api = Api(suite["portal_url"])
        api.sign_in("producer@example.com", "demo")
        sides = {
            "gateway and gRPC": (f"{suite['portal_url']}/api/v1/plan-searches", api.token),
            "bare Starlette over grpc.aio": (bare, ""),
            "nameko HTTP and RPC": (bus, ""),
        }
        print(f"Plan searches at {CONNECTIONS} connections, the middle of {ROUNDS} rounds by turns:")
        for household, script in ((SAME, SAME_BODY), (ANOTHER, OTHER_BODIES)):
            rounds = [[run_wrk(*side, script) for side in sides.values()] for _ in range(ROUNDS)]
            found |= _say(household, list(sides), rounds)
    return found


def _say(household: str, names: Sequence[str], rounds: Sequence[Sequence[Mapping[str, float]]]) -> Measured:
    """Rates, and this suite's ratio to each of the others."""
    print(f"  {household}:")
    ratios = []
    for place, name in enumerate(names):
        rate, p50, p99 = (median(one[place][figure] for one in rounds) for figure in ("rate", "p50", "p99"))
        every = sorted(one[0]["rate"] / one[place]["rate"] for one in rounds)
        ratios.append(median(every))
        beside = f"; {ratios[-1]:.2f} times as many here ({every[0]:.2f}-{every[-1]:.2f})" if place else ""
        print(f"    {name}: {rate:.0f}/s (p50 {p50:.0f} ms, p99 {p99:.0f} ms){beside}", flush=True)
    found = {
        targets.BESIDE_STARLETTE[household]: ratios[1],
        targets.LATE_SEARCHES[household]: median(one[0]["p99"] / one[0]["p50"] for one in rounds),
    }
    return {**found, targets.BESIDE_NAMEKO: ratios[2]} if household == SAME else found


@contextmanager
def starlette_baseline(suite: dict[str, Any]) -> Iterator[str]:
    """Its process, with the settings of the suite's gateway, which knows where quote answers; gives the address."""
    port = free_port()
    env = {**psutil.Process(suite["processes"]["gateway"]).environ(), "PORT": str(port)}
    with _running(port, [["benchmarks.starlette_baseline"]], env) as address:
        yield address


@contextmanager
def nameko_baseline(suite: dict[str, Any]) -> Iterator[str]:
    """Its two processes, on the suite's broker and catalogue; gives the address."""
    key, port = generate_private_jwk("quote"), free_port()
    env = {
        **{name: os.environ[name] for name in ("PATH", "HOME") if name in os.environ},
        "SUITE_ENV": "local",
        "AMQP_URL": suite["amqp_url"],
        "QUOTE_DATABASE_URL": suite["database_urls"]["quote"],
        "QUOTE_IDENTITY_KEY": key,
        "IDENTITY_TRUSTED_KEYS": public_jwks([key]),
        "PORTAL_URL": suite["portal_url"],
        "PORT": str(port),
    }
    commands = [["benchmarks.nameko_baseline", "worker", side] for side in ("quote", "web")]
    with _running(port, commands, env) as address:
        yield address


@contextmanager
def _running(port: int, commands: Sequence[Sequence[str]], env: Mapping[str, str]) -> Iterator[str]:
    """Modules with their arguments as processes, until the plan search answers at ``port``."""
    processes = [
        subprocess.Popen([sys.executable, "-m", *command], env=env, stderr=subprocess.DEVNULL) for command in commands
    ]
    try:
        address = f"http://127.0.0.1:{port}/plan-searches"
        _wait_for(address)
        yield address
    finally:
        for process in processes:
            process.terminate()
        for process in processes:
            try:
                process.wait(STOPPED_WITHIN)
            except subprocess.TimeoutExpired:  # seen once, after a load: it must not hold up the rest
                process.kill()


def _wait_for(address: str) -> None:
    give_up = time.monotonic() + STARTED_WITHIN
    while time.monotonic() < give_up:
        try:
            httpx.post(address, json=BODY, timeout=5).raise_for_status()
            return
        except httpx.HTTPError:
            time.sleep(0.5)
    raise SystemExit(f"Nothing answers at {address}.")


def run_wrk(url: str, token: str, body: str) -> dict[str, float]:
    """Requests a second, and milliseconds at the median and the 99th percentile."""
    with tempfile.TemporaryDirectory() as folder:
        script = Path(folder) / "post.lua"
        headers = f'wrk.headers["Content-Type"] = "application/json"\nwrk.headers["Authorization"] = "Bearer {token}"'
        script.write_text(f'wrk.method = "POST"\n{headers}\n{body.replace("{body}", json.dumps(BODY))}\n')
        script.chmod(0o600)
        command = ["wrk", "-t1", f"-c{CONNECTIONS}", f"-d{SECONDS}s", "--latency", "-s", str(script), url]
        said = subprocess.run(command, capture_output=True, text=True, check=True, timeout=SECONDS * 4).stdout
    if "Non-2xx" in said:
        raise SystemExit(f"{url} refused some of the requests.")
    return {"rate": _number(r"Requests/sec:\s+([\d.]+)", said), "p50": _latency(50, said), "p99": _latency(99, said)}


def _latency(percent: int, said: str) -> float:
    found = re.search(rf"{percent}%\s+([\d.]+)(us|ms|s)\b", said)
    assert found, said
    return float(found[1]) * {"us": 0.001, "ms": 1.0, "s": 1000.0}[found[2]]


def _number(pattern: str, said: str) -> float:
    found = re.search(pattern, said)
    assert found, said
    return float(found[1])


if __name__ == "__main__":
    load_markets()
    measured = plan_searches()
    print_targets(measured, measured)
