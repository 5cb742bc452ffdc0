"""Runs the demo and shows each stage with its figures; exit status 0 only when all of it happened."""

from __future__ import annotations

import json
import os
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import date
from pathlib import Path
from typing import Any

from rich.console import Console
from rich.table import Table

from chassis.kernel import SystemClock, business_date
from chassis.settings import load_markets
from deploy.local.configured import state_folder, suite_from_environment
from deploy.local.demo.api import Api
from deploy.local.demo.carrier import DemoCarrier, carrier_with_feed
from deploy.local.demo.journey import STATE, Journey
from deploy.local.errors import LocalSuiteError
from deploy.local.ports import free_port
from deploy.local.suite import running_state

OUTPUT = Path("demo-output")
# What an outside carrier has to have received on one application by the end.
EXPECTED = (
    "enrollment.application.started.v1",
    "pcp.assignment.made.v1",
    "enrollment.application.submitted.v1",
    "documents.application_pdf.rendered.v1",
    "payment.payment.succeeded.v1",
)


def main() -> int:
    load_markets()
    console = Console(highlight=False, soft_wrap=True)
    try:
        return demonstrate(console)
    except LocalSuiteError as trouble:
        console.print(f"demo: {trouble}")
        return 1


def demonstrate(console: Console) -> int:
    with running_suite(console) as suite:
        today = business_date(SystemClock(_day(suite["today"])).now(), STATE)
        journey = Journey(Api(suite["portal_url"]), today)
        try:
            with carrier_with_feed(suite["amqp_url"], suite["database_urls"], "demo-carrier") as carrier:
                walk(console, journey)
                pdf = save_pdf(console, journey)
                complete = show_events(console, carrier, journey.record_number)
        except Exception as failed:
            console.print(f"\n[bold red]The demo stopped:[/] {type(failed).__name__}: {failed}")
            return 1
    if not complete:
        return 1
    console.print(f"\n[bold green]Done.[/] The application PDF is at [bold]{pdf}[/].")
    return 0


def walk(console: Console, journey: Journey) -> None:
    stages: list[tuple[str, Callable[[], str]]] = [
        ("Sign in", journey.sign_in),
        ("Search plans of 2014", journey.search_filed_2014),
        ("Search current plans", journey.search_current),
        ("Save a quote", journey.save_quote),
        ("Start enrollment", journey.start),
        ("Effective date", journey.explain_dates),
        ("Household", journey.fill_household),
        ("Plans and doctors", journey.choose_plans),
        ("Sign", journey.sign),
        ("Submit", journey.submit),
        ("Pay", journey.pay),
    ]
    for name, stage in stages:
        timed(console, name, stage)


def timed(console: Console, name: str, stage: Callable[[], str]) -> None:
    started = time.perf_counter()
    with console.status(f"{name} ..."):
        result = stage()
    console.print(f"[green]ok[/] [bold]{name:<21}[/]{result} [dim]({time.perf_counter() - started:.2f} s)[/]")


def save_pdf(console: Console, journey: Journey) -> Path:
    OUTPUT.mkdir(exist_ok=True)
    path = OUTPUT / f"{journey.record_number}.pdf"

    def fetch() -> str:
        path.write_bytes(journey.fetch_pdf())
        return f"{path}, {path.stat().st_size:,} bytes"

    timed(console, "Application PDF", fetch)
    return path


def show_events(console: Console, carrier: DemoCarrier, record_number: str) -> bool:
    """Show what the carrier saw, and whether each expected event came exactly once."""
    for event_type in EXPECTED:
        carrier.wait_for(event_type, record_number)
    seen = carrier.distinct(record_number)
    table = Table(title="Events that an outside carrier received over AMQP", title_justify="left", show_edge=False)
    table.add_column("event", no_wrap=True)
    table.add_column("subject", no_wrap=True)
    table.add_column("content", overflow="fold")
    for event in seen:
        table.add_row(event.type, event.subject, summary(event.body))
    console.print()
    console.print(table)
    counts = {kind: sum(event.type == kind for event in seen) for kind in EXPECTED}
    wrong = {kind: count for kind, count in counts.items() if count != 1}
    if wrong:
        console.print(f"[bold red]These events did not arrive exactly once:[/] {wrong}")
    return not wrong


def summary(body: Any) -> str:
    kept = {key: value for key, value in body.items() if not isinstance(value, list | dict) and key != "recordNumber"}
    return ", ".join(f"{key}={value}" for key, value in list(kept.items())[:5])


def _day(text: str) -> date | None:
    """The day that the suite was told to live in; None for today."""
    return date.fromisoformat(text) if text else None


@contextmanager
def running_suite(console: Console) -> Iterator[dict[str, Any]]:
    """The suite that runs from this clone, or one that is started for the demo and stopped after it."""
    state = state_folder()
    found = running_state(state)
    if found:
        console.print(f"Using the running suite at {found['portal_url']}.\n")
        yield found
        return
    with console.status("Starting the suite ..."):
        suite = suite_from_environment()
        suite.start()
    try:
        found = json.loads((state / "suite.json").read_text())
        console.print(f"Started the suite at {found['portal_url']}.\n")
        yield found
    finally:
        suite.stop()


@contextmanager
def fresh_suite(day: date) -> Iterator[dict[str, Any]]:
    """A suite of its own on that business date, whose data goes with it: for figures and pictures."""
    with tempfile.TemporaryDirectory() as state:
        os.environ |= {"SUITE_STATE": state, "SUITE_TODAY": day.isoformat(), "PORT": str(free_port())}
        with running_suite(Console(stderr=True)) as suite:
            yield suite


if __name__ == "__main__":
    sys.exit(main())
