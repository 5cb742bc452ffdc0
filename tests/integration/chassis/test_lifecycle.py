"""Processes: they migrate, say whether they are well, stop when asked, and refuse to start half furnished."""

from __future__ import annotations

import json

import pytest
from amqp.exceptions import PreconditionFailed
from kombu import Queue
from sqlalchemy import inspect, text

from chassis.bus import publish
from chassis.db.migrate import downgrade_schema, upgrade_schema
from deploy.local.ports import free_port
from tests.integration.chassis.processes import QUEUE, Toy, ask, terminate
from tests.integration.chassis.toy.service import SERVICE
from tests.integration.chassis.waiting import until

INFRASTRUCTURE_TABLES = {"outbox", "inbox", "idempotency", "audit"}


def tables(toy: Toy) -> set[str]:
    return set(inspect(toy.database.engine).get_table_names())


def take_the_database_away(toy: Toy) -> None:
    toy.change("alter role current_user password 'another'")
    # only clients: autovacuum may be at work there too, and nobody but a superuser may end it
    toy.change(
        "select pg_terminate_backend(pid) from pg_stat_activity "
        "where datname = current_database() and backend_type = 'client backend' and pid <> pg_backend_pid()"
    )


def test_migrating_again_changes_nothing_and_going_back_is_possible(toy: Toy) -> None:
    upgrade_schema(toy.database.engine, SERVICE.migrations)
    assert {"note", "effect", *INFRASTRUCTURE_TABLES} <= tables(toy)
    downgrade_schema(toy.database.engine, SERVICE.migrations, "base")
    assert tables(toy) == {"alembic_version"}
    upgrade_schema(toy.database.engine, SERVICE.migrations)


def test_a_migration_waits_for_the_one_that_runs_already(toy: Toy) -> None:
    waits = "select 1 from pg_locks where locktype = 'advisory' and not granted"
    with toy.database.transaction() as session:
        session.execute(text("select pg_advisory_xact_lock(hashtext('suite.migrate'))"))
        job = toy.start("migrate")
        until(lambda: toy.rows(waits))
    assert job.wait(60) == 0


@pytest.mark.parametrize("command", ["rpc", "worker", "relay"])
def test_a_process_is_ready_then_not_when_its_database_fails_and_stops_when_asked(toy: Toy, command: str) -> None:
    port = free_port()
    process = toy.start(command, HEALTH_PORT=str(port))
    until(lambda: ask(port, "/readyz")[0] == 200)
    assert "suite_calls_total" in ask(port, "/metrics")[1]
    take_the_database_away(toy)
    until(lambda: ask(port, "/readyz")[0] == 503)
    assert json.loads(ask(port, "/readyz")[1]) == {"status": "failing", "failing": ["toy"]}
    assert ask(port, "/livez")[0] == 200
    assert terminate(process) == 0


def test_a_process_stops_within_seconds_while_the_broker_is_away(toy: Toy) -> None:
    port = free_port()
    away = f"amqp://127.0.0.1:{free_port()}//"
    process = toy.start("relay", HEALTH_PORT=str(port), AMQP_URL=away)
    until(lambda: ask(port, "/readyz")[0] == 503)
    assert terminate(process) == 0


@pytest.mark.parametrize(
    ("command", "missing", "sentence"),
    [
        ("rpc", {"IDENTITY_TRUSTED_KEYS": ""}, "IDENTITY_TRUSTED_KEYS"),
        ("relay", {"SUITE_ENV": "production", "SUITE_TODAY": "2026-05-20"}, "SUITE_TODAY"),
        ("relay", {"SUITE_ENV": "staging"}, "SUITE_ENV"),
        ("dance", {}, "Name a command"),
    ],
)
def test_a_process_that_cannot_start_says_why_in_one_sentence(
    toy: Toy, command: str, missing: dict[str, str], sentence: str
) -> None:
    assert toy.run(command, **missing) == 1
    log = toy.log(command).read_text()
    assert sentence in log
    assert "Traceback" not in log


def test_an_rpc_port_that_is_taken_is_named(toy: Toy) -> None:
    port = free_port()
    first = toy.start("rpc", RPC_PORT=str(port), HEALTH_PORT=str(health := free_port()))
    until(lambda: ask(health, "/readyz")[0] == 200)
    assert toy.run("rpc", RPC_PORT=str(port)) == 1
    assert f"RPC_PORT {port} is in use" in toy.log("rpc").read_text()
    terminate(first)


def test_the_queues_that_stand_are_the_ones_that_the_code_declares(toy: Toy) -> None:
    """A broker refuses to declare a queue that stands otherwise, so a plain one is refused where ours stands."""
    for queue in QUEUE.all_queues():
        with publish.open_connection(toy.amqp_url) as connection, connection.channel() as channel:
            queue(channel).queue_declare()
            with pytest.raises(PreconditionFailed):
                Queue(queue.name, durable=True)(channel).queue_declare()
