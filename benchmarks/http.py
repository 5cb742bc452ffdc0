"""``POST /api/v1/plan-searches`` at 16 connections, beside the same answer served by nameko alone, in the same run."""

from __future__ import annotations

import json
import os
import re
import shutil
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import httpx
from rich.console import Console

from chassis.identity import generate_private_jwk, public_jwks
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
SAME = "wrk.body = [[{body}]]"
ANOTHER = """
local body, number = [[{body}]], 0
request = function()
  number = number + 1
  local function born(n) return string.format("%d-%02d-", 1990 + math.floor(n / 12) % 11, 1 + n % 12) end
  local sent = body:gsub("1984%-03%-", born(number)):gsub("1986%-07%-", born(math.floor(number / 132)))
  return wrk.format(nil, nil, nil, sent)
end
"""


def plan_searches() -> None:
    if not shutil.which("wrk"):
        print("Requests a second: not measured, wrk is missing (Debian: sudo apt-get install wrk)")
        return
    with running_suite(Console(stderr=True)) as suite, nameko_baseline(suite) as baseline:
        api = Api(suite["portal_url"])
        api.sign_in("producer@example.com", "demo")
        sides = (f"{suite['portal_url']}/api/v1/plan-searches", api.token), (baseline, "")
        print(f"Plan searches at {CONNECTIONS} connections, gateway and gRPC beside nameko HTTP and RPC:")
        for what, script in (("the same answer (goal 2.5)", SAME), ("another household each time", ANOTHER)):
            rounds = [[_wrk(*side, script) for side in sides] for _ in range(ROUNDS)]
            rounds.sort(key=lambda both: both[0]["rate"] / both[1]["rate"])
            ours, theirs = rounds[ROUNDS // 2]
            ratios = ", ".join(f"{mine['rate'] / other['rate']:.2f}" for mine, other in rounds)
            print(f"  {what}: {_text(ours)} beside {_text(theirs)}: {ours['rate'] / theirs['rate']:.2f} times as many")
            print(f"    all {ROUNDS} rounds: {ratios}")


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
    command = [sys.executable, "-m", "benchmarks.nameko_baseline", "worker"]
    sides = [subprocess.Popen([*command, side], env=env, stderr=subprocess.DEVNULL) for side in ("quote", "web")]
    try:
        address = f"http://127.0.0.1:{port}/plan-searches"
        _wait_for(address)
        yield address
    finally:
        for process in sides:
            process.terminate()
        for process in sides:
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
    raise SystemExit("The nameko services did not start.")


def _wrk(url: str, token: str, body: str) -> dict[str, float]:
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


def _text(result: dict[str, float]) -> str:
    return f"{result['rate']:.0f}/s (p50 {result['p50']:.0f} ms, p99 {result['p99']:.0f} ms)"
