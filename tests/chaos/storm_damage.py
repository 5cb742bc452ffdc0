"""What became of each application of a storm, by the databases and by an outside subscriber."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field

from sqlalchemy import text

from deploy.local.demo.carrier import DemoCarrier, ReceivedEvent
from tests.invariants import connect

SUBMITTED = "enrollment.application.submitted.v1"
RENDERED = "documents.application_pdf.rendered.v1"
ASSIGNED = "pcp.assignment.made.v1"
_LINES = "select subject, count(*) from audit where action = '{}' and subject = any(:numbers) group by subject"
# What every application has once: what it is, whose database knows it, and how often it is there.
ONCE = (
    ("outcome", "enrollment", _LINES.format("application.submitted")),
    ("line of the PDF", "enrollment", _LINES.format("document.rendered")),
    ("payment", "payment", _LINES.format("payment.opened")),
    ("assignment", "pcp", _LINES.format("pcp.assigned")),
    ("PDF", "documents", _LINES.format("application_pdf.rendered")),
    (
        "policies",
        "documents",
        # medical and dental
        "select record_number, count(*) / 2 from submitted_policy where record_number = any(:numbers) group by 1",
    ),
    (
        "notification",
        "gateway",
        "select record_number, max(times) from (select record_number, count(*) as times from notifications "
        "where kind = 'application.submitted' and record_number = any(:numbers) group by record_number, user_id) each "
        "group by record_number",
    ),
)
# The same at the outside subscriber, where a repeated delivery of one event counts once.
TOLD_ONCE = {"outcome event": SUBMITTED, "PDF event": RENDERED, "assignment event": ASSIGNED}
# First payment and premium of each, in cents, as enrollment has them, and as payment and documents do.
_AMOUNTS = """
select record_number, (select sum((due #>> '{amount,cents}')::bigint) from jsonb_array_elements(opened_months) due),
  premium_cents
from application where record_number = any(:numbers) and status = 'submitted'
"""
_PAYMENTS = "select record_number, amount_cents from payment where record_number = any(:numbers)"
_PREMIUMS = (
    "select record_number, sum(premium_cents) from submitted_policy where record_number = any(:numbers) group by 1"
)
# In the order of their writing; of one service, whose outbox keeps it.
_WRITTEN = "select event_id, subject from outbox where subject = any(:numbers) order by id"


@dataclass(frozen=True, slots=True)
class Damage:
    """Record numbers that lack something or have it twice, by what it is."""

    lost: Mapping[str, Sequence[str]] = field(default_factory=dict)
    repeated: Mapping[str, Sequence[str]] = field(default_factory=dict)
    out_of_order: Sequence[str] = ()
    # Keys of creations that made no application, and numbers of applications that nobody asked for or two got.
    numbers: Sequence[str] = ()
    # Applications whose premium or first payment is another one at another service.
    amounts: Sequence[str] = ()

    def rows(self) -> list[tuple[str, object]]:
        """What a report says of it: a name and how many."""
        return [
            ("lost", {what: len(numbers) for what, numbers in self.lost.items()} or 0),
            ("repeated", {what: len(numbers) for what, numbers in self.repeated.items()} or 0),
            ("out of order, wrong record numbers", f"{len(self.out_of_order)}, {len(self.numbers)}"),
            ("different amounts", len(self.amounts)),
        ]


def find_damage(
    databases: Mapping[str, str], numbers: Sequence[str], started: Mapping[str, str], carrier: DemoCarrier
) -> Damage:
    """``started``: by idempotency key, the record number of the application that it made."""
    events = list(carrier.events)
    found = {what: _count(databases[owner], query, numbers) for what, owner, query in ONCE}
    found |= {what: _count_events(events, event_type) for what, event_type in TOLD_ONCE.items()}
    lost = {what: [one for one in numbers if not counts[one]] for what, counts in found.items()}
    repeated = {what: [one for one in numbers if counts[one] > 1] for what, counts in found.items()}
    return Damage(
        _without_empty(lost),
        _without_empty(repeated),
        _find_out_of_order(databases, numbers, events),
        _find_wrong_numbers(databases["enrollment"], started),
        _find_different_amounts(databases, numbers),
    )


def count_work(databases: Mapping[str, str], carrier: DemoCarrier) -> tuple[int, int]:
    """Events that wait to be sent, and all that was done so far: at rest neither changes."""
    unsent, done = 0, len(carrier.events)
    for owner, url in databases.items():
        with connect(url) as connection:
            if owner == "gateway":
                done += connection.scalar(text("select count(*) from seen_events")) or 0
                continue
            unsent += connection.scalar(text("select count(*) from outbox where sent_at is null")) or 0
            for table in ("audit", "inbox"):
                done += connection.scalar(text(f"select count(*) from {table}")) or 0
    return unsent, done


def count_failed_attempts(databases: Mapping[str, str]) -> int:
    """Deliveries that were sent on to be tried again."""
    found = 0
    for url in databases.values():
        with connect(url) as connection:
            found += connection.scalar(text("select coalesce(sum(attempt), 0) from forwarded_message")) or 0
    return found


def _count(url: str, query: str, numbers: Sequence[str]) -> Counter[str]:
    with connect(url) as connection:
        return Counter(dict(map(tuple, connection.execute(text(query), {"numbers": numbers}))))


def _count_events(events: Iterable[ReceivedEvent], event_type: str) -> Counter[str]:
    return Counter(subject for _, subject in {(one.event_id, one.subject) for one in events if one.type == event_type})


def _without_empty(found: Mapping[str, Sequence[str]]) -> Mapping[str, Sequence[str]]:
    return {what: numbers for what, numbers in found.items() if numbers}


def _find_out_of_order(
    databases: Mapping[str, str], numbers: Sequence[str], events: Sequence[ReceivedEvent]
) -> tuple[str, ...]:
    """Applications of which the subscriber heard a later event of one service before an earlier one."""
    heard: dict[str, int] = {}
    for place, event in enumerate(events):
        heard.setdefault(event.event_id, place)
    wrong = set()
    for owner, url in databases.items():
        if owner == "gateway":
            continue
        places: defaultdict[str, list[int]] = defaultdict(list)
        with connect(url) as connection:
            for event_id, subject in connection.execute(text(_WRITTEN), {"numbers": numbers}):
                places[subject] += [heard[event_id]] if event_id in heard else []
        wrong |= {subject for subject, order in places.items() if order != sorted(order)}
    return tuple(sorted(wrong))


def _find_wrong_numbers(url: str, started: Mapping[str, str]) -> tuple[str, ...]:
    """Each creation made an application of its own, and nothing but creations made any."""
    with connect(url) as connection:
        made = connection.execute(
            text("select key, result from idempotency where key = any(:keys)"),
            {"keys": list(started)},
        )
        answers = dict(map(tuple, made))
        blank = connection.scalar(
            text("select count(*) from audit where action = 'application.started' and subject = any(:numbers)"),
            {"numbers": list(started.values())},
        )
    twice = [number for number, times in Counter(started.values()).items() if times > 1]
    other = [key for key, number in started.items() if answers.get(key) != number]
    return (*twice, *other, *(() if blank == len(started) else (f"{blank} started",)))


def _find_different_amounts(databases: Mapping[str, str], numbers: Sequence[str]) -> tuple[str, ...]:
    """What another service does not have at all is lost, and no difference."""
    payments = _count(databases["payment"], _PAYMENTS, numbers)
    premiums = _count(databases["documents"], _PREMIUMS, numbers)
    with connect(databases["enrollment"]) as connection:
        rows = connection.execute(text(_AMOUNTS), {"numbers": numbers}).all()
    return tuple(
        number
        for number, due, premium in rows
        if payments.get(number, due) != due or premiums.get(number, premium) != premium
    )
