"""Typesetting processes: one that stalls, grows or dies stops nothing but its own document."""

from __future__ import annotations

import json
import logging
import subprocess
import sys
import textwrap
import threading
import time
from collections.abc import Callable, Iterator
from datetime import UTC, datetime
from typing import Any

import psutil
import pytest

from chassis.kernel import Unavailable
from services.documents.typesetting import processes as module
from services.documents.typesetting import sandbox_process
from services.documents.typesetting.processes import DocumentNotTypeset, DocumentStalled, TypesettingProcesses
from tests.unit.services.documents.in_process import InProcess, typesetter_of
from tests.unit.services.documents.samples import full, small

pytestmark = pytest.mark.slow  # it runs the typesetter in processes of its own

AT = datetime(2026, 11, 28, 17, 0, tzinfo=UTC)
GOOD: dict[str, Any] = {"name": "good"}
# Answers at once, but for the form's wish: the real process with another compiler.
STAND_IN = """
    import os, time
    from services.documents.typesetting import sandbox_process

    def answer(request):
        if b"sleep" in request:
            time.sleep(60)
        if b"spin" in request:
            while True:
                pass
        if b"eat" in request:
            bytearray(2 * sandbox_process.MEMORY_BYTES)
        if b"die" in request:
            os.abort()
        if b"garbage" in request:
            os.write(int(__import__("sys").argv[1]), bytes([255] * 8))
        return sandbox_process.MADE + request[-40:] + str(os.getpid()).encode()

    sandbox_process.answer = answer
    sandbox_process.CPU_SECONDS = 1
    sandbox_process.main()
"""
Maker = Callable[..., TypesettingProcesses]


@pytest.fixture
def pool() -> Iterator[Maker]:
    made: list[TypesettingProcesses] = []

    def make(code: str = STAND_IN, patience: float = 20.0) -> TypesettingProcesses:
        made.append(TypesettingProcesses([sys.executable, "-c", textwrap.dedent(code)], patience))
        return made[-1]

    yield make
    for one in made:
        one.close()


def ask(processes: TypesettingProcesses, wish: str = "good") -> bytes:
    return processes.typeset("application.typ", {"name": wish}, AT)


def refused(processes: TypesettingProcesses, wish: str) -> None:
    with pytest.raises(Unavailable):
        ask(processes, wish)


def process_id(answer: bytes) -> bytes:
    return answer.rpartition(b"}")[2]


def test_a_sandbox_process_makes_the_same_document_as_this_process() -> None:
    real = TypesettingProcesses()
    try:
        ways = [typesetter_of(small(), compiler) for compiler in (real, InProcess())]
        there, here = (way.application("A-0639", AT) for way in ways)
    finally:
        real.close()
    assert there == here


def test_a_process_stays_far_below_its_bound_whatever_the_number_of_processors() -> None:
    real = TypesettingProcesses()
    try:
        typesetter_of(full(), real).application("A-0638", AT)
        slot = real._slots.get()
        assert slot._process
        process = psutil.Process(slot._process.pid)
        threads, addresses = process.num_threads(), process.memory_info().vms
        real._slots.put(slot)
    finally:
        real.close()
    assert threads <= 2, "one for each processor would need addresses that the bound does not give"
    assert addresses < sandbox_process.MEMORY_BYTES * 0.75


def test_a_process_stays_for_the_next_document(pool: Maker) -> None:
    processes = pool()
    assert process_id(ask(processes)) == process_id(ask(processes))


@pytest.mark.parametrize("wish", ["eat", "die", "spin", "garbage"])
def test_a_document_that_ends_its_process_is_refused_for_now_and_the_next_is_made(pool: Maker, wish: str) -> None:
    processes = pool()
    with pytest.raises(DocumentStalled, match="could not be created in time"):
        ask(processes, wish)
    assert b"good" in ask(processes)


def test_a_document_that_stalls_is_given_up_and_others_pass_it_meanwhile(pool: Maker) -> None:
    processes = pool(patience=8.0)
    ask(processes)
    outcome: list[Any] = []

    def stall() -> None:
        try:
            outcome.append(ask(processes, "sleep"))
        except Unavailable as unavailable:
            outcome.append(unavailable)

    stalled = threading.Thread(target=stall)
    stalled.start()
    time.sleep(0.2)
    assert b"good" in ask(processes)
    assert not outcome, "it was made while the other one still stalled"
    stalled.join(20)
    assert isinstance(outcome[0], Unavailable)
    assert b"good" in ask(processes)


def test_without_a_second_process_the_others_would_wait(pool: Maker, monkeypatch: pytest.MonkeyPatch) -> None:
    """The control."""
    monkeypatch.setattr(module, "AT_ONCE", 1)
    monkeypatch.setattr(module, "TURN_SECONDS", 0.5)
    processes = pool(patience=5.0)
    stalled = threading.Thread(target=refused, args=(processes, "sleep"))
    stalled.start()
    time.sleep(0.2)
    with pytest.raises(Unavailable, match="Other documents are being created"):
        ask(processes)
    stalled.join(20)


def test_a_warm_process_that_ended_meanwhile_costs_no_document(pool: Maker) -> None:
    processes = pool()
    first = process_id(ask(processes))
    subprocess.run(["kill", "-9", first.decode()], check=True)
    assert process_id(ask(processes)) != first


def test_processes_end_when_the_service_hangs_up(pool: Maker) -> None:
    processes = pool()
    pid = int(process_id(ask(processes)))
    slot = processes._slots.get()
    process = slot._process
    assert process and process.pid == pid
    assert slot._connection
    slot._connection.close()
    assert process.wait(10) == 0
    processes._slots.put(slot)


def test_a_fault_of_the_template_is_final_and_its_report_quotes_nothing_that_was_typed(
    capsys: pytest.CaptureFixture[str], caplog: pytest.LogCaptureFixture
) -> None:
    real = TypesettingProcesses()
    try:
        with caplog.at_level(logging.DEBUG), pytest.raises(DocumentNotTypeset, match="trying again will not help"):
            real.typeset("application.typ", {"carrier": "Beatrix Rowanbrook"}, AT)
    finally:
        real.close()
    said = caplog.text + "".join(capsys.readouterr())
    assert "Beatrix" not in said


def run_worker(compiler: str) -> dict[str, Any]:
    """Three documents while another one stalls, in a worker of greenlets; a further greenlet counts its turns.

    In a process of its own, since patching cannot be undone.
    """
    code = f"""
        import eventlet
        eventlet.monkey_patch()
        import json, sys, time
        from datetime import UTC, datetime
        from chassis.kernel import Unavailable
        from services.documents.typesetting.processes import TypesettingProcesses

        class InThisProcess:
            def typeset(self, template, form, at):
                if form["name"] == "sleep":
                    eventlet.patcher.original("time").sleep(3)  # as a library does, which knows no greenlets
                    raise Unavailable("too late")

            def close(self):
                pass

        processes = {compiler}
        gaps, stop = [], []

        def tick():
            last = time.monotonic()
            while not stop:
                eventlet.sleep(0.01)
                gaps.append(time.monotonic() - last)
                last = time.monotonic()

        def typeset(wish):
            try:
                processes.typeset("a.typ", {{"name": wish}}, datetime.now(UTC))
                return "made"
            except Unavailable:
                return "refused"

        typeset("good")
        ticker = eventlet.spawn(tick)
        begun = time.monotonic()
        stalled = eventlet.spawn(typeset, "sleep")
        eventlet.sleep(0.1)
        others = [eventlet.spawn(typeset, "good").wait() for _ in range(3)]
        passed = time.monotonic() - begun
        outcome = stalled.wait()
        stop.append(True)
        ticker.wait()
        processes.close()
        said = {{"others": others, "passed": passed, "stalled": outcome, "ticks": len(gaps), "longest": max(gaps)}}
        print(json.dumps(said))
    """
    done = subprocess.run(
        [sys.executable, "-W", "ignore", "-c", textwrap.dedent(code)], capture_output=True, text=True, timeout=60
    )
    assert done.returncode == 0, done.stderr
    said: dict[str, Any] = json.loads(done.stdout.splitlines()[-1])
    assert (said["others"], said["stalled"]) == (["made"] * 3, "refused")
    return said


def test_a_worker_of_greenlets_goes_on_while_a_document_stalls() -> None:
    said = run_worker(f"TypesettingProcesses([sys.executable, '-c', {textwrap.dedent(STAND_IN)!r}], 3.0)")
    assert said["passed"] < 3, "the others were made before the stalled one was given up"
    assert said["ticks"] > 50, "a hub that stands still gives a handful of turns in three seconds"


def test_a_worker_that_typesets_by_itself_stands_still_for_everybody() -> None:
    """The control."""
    said = run_worker("InThisProcess()")
    assert said["passed"] >= 3 and said["longest"] >= 2.5
