"""Batches of events that go through outbox, relay, broker and a worker's inbox, with or without poison among them."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import text

from chassis.bus import publish
from chassis.bus.dead_letters import open_dead_letters
from deploy.local.waiting import wait_until
from tests.integration.chassis.processes import QUEUE, Toy
from tests.integration.chassis.toy.service import WRITTEN

# Of so many messages one is malformed, and one always fails.
SHARE = 1000
# A batch of thousands on a busy machine.
DONE_WITHIN = 300.0
# In one statement, and so there at once; each has a trace of its own, and a subject, so that none waits for another.
_INSERT = f"""
insert into outbox (event_id, type, subject, body, headers)
select name, '{WRITTEN}', name,
       convert_to(
         case when kind = 'malformed' then 'no event'
              else json_build_object('id', name, 'subject', name, 'text', kind)::text end, 'UTF8'),
       jsonb_build_object('traceparent', '00-' || md5(name) || '-0123456789abcdef-01')
from (
  select :batch || '-' || n as name,
         case when not :poison then 'hello'
              when n % :share = :share / 2 then 'malformed'
              when n % :share = 0 then 'explode' else 'hello' end as kind
  from generate_series(1, cast(:count as int)) n
) made
"""
_TRACE = "select md5(:name)"


@dataclass(frozen=True, slots=True)
class BatchResult:
    """``seconds``: by the database's clock, from the commit of the batch to the last effect."""

    messages: int
    done: int
    repeated: int
    seconds: float

    @property
    def rate(self) -> float:
        return self.done / self.seconds


@dataclass(frozen=True, slots=True)
class FoundDeadLetter:
    id: str
    reason: str
    attempts: int
    first_failure: datetime | None
    trace_id: str


def run_batch(toy: Toy, batch: str, count: int, poison: bool, share: int = SHARE) -> BatchResult:
    """Put a batch into the outbox and wait until all that can succeed has."""
    good = count - (2 * (count // share) if poison else 0)
    values = {"batch": batch, "poison": poison, "share": share, "count": count}
    with toy.database.transaction() as session:
        session.execute(text(_INSERT), values)
    mine = {"mine": f"{batch}-%"}
    _await(lambda: toy.rows("select count(*) from inbox where message_id like :mine", mine)[0][0] >= good, "the batch")
    seconds = """
      select extract(epoch from (select max(received_at) from inbox where message_id like :mine)
        - (select min(created_at) from outbox where event_id like :mine))
    """
    done, effects = toy.rows("select count(distinct note_id), count(*) from effect where note_id like :mine", mine)[0]
    return BatchResult(count, int(done), int(effects - done), float(toy.rows(seconds, mine)[0][0]))


def read_dead_letters(toy: Toy, count: int) -> list[FoundDeadLetter]:
    """Wait for so many, and look at them as ``portal dlq list`` does."""
    _await(lambda: toy.waiting(QUEUE.dead.name) >= count, "the dead letters")
    with publish.open_connection(toy.amqp_url) as connection, open_dead_letters(connection, QUEUE) as letters:
        return [FoundDeadLetter(one.id, one.reason, one.attempts, one.first_failure, one.trace_id) for one in letters]


def traces_of(toy: Toy, names: Sequence[str]) -> Mapping[str, str]:
    """The trace ids with which these events went out."""
    return {name: str(toy.rows(_TRACE, {"name": name})[0][0]) for name in names}


def _await(is_done: Callable[[], bool], what: str) -> None:
    """Ask ten times a second: more would take the processor from those who work."""
    if not wait_until(is_done, DONE_WITHIN):
        raise TimeoutError(f"{what} did not come within {DONE_WITHIN:g} s")
