"""Composition root: ``python -m gateway serve|migrate|seed``. Un-patched, asynchronous."""

from __future__ import annotations

import sys
from pathlib import Path

import uvicorn

from chassis import telemetry
from chassis.bus import publish, topology
from chassis.db import Database
from chassis.identity import TokenIssuer
from chassis.kernel import SystemClock
from chassis.settings import SettingsError, load_markets, load_service, load_suite
from gateway.app import create_app
from gateway.commands.seed import refuse_demo_users, seed_users
from gateway.edge.context import GatewayContext
from gateway.edge.server import run_server
from gateway.edge.service_clients import ServiceClients
from gateway.events.event_handlers import NOTIFIED_EVENTS, notification_listener
from gateway.forms.drafts import FormDrafts
from gateway.identity.passwords import Passwords
from gateway.identity.sessions import Sessions
from gateway.identity.sign_in import SignIn
from gateway.notifications.unread_streams import UnreadStreams
from gateway.settings import GatewaySettings, load_web
from gateway.store.database import GatewayDatabase

MIGRATIONS = Path(__file__).parent / "store" / "migrations"
# Requests under way may finish; the longest is a submission with its 12 s. Kubernetes kills after 30 s.
GRACE_SECONDS = 15


def serve() -> None:
    """Portal and API on PORT."""
    web, own = load_web(), load_service(GatewaySettings, "gateway")
    if not own.identity_key.get_secret_value():
        raise SettingsError(
            "GATEWAY_IDENTITY_KEY is empty, so every service would reject the gateway. Set it to a JWK."
        )
    users = Database(own.database_url.get_secret_value())
    refuse_demo_users(web, users)
    users.close()
    database = GatewayDatabase(own.async_url)
    real_time = SystemClock()  # a session's life is real time, whatever the business date
    identity_key = own.identity_key.get_secret_value()
    gateway = GatewayContext(
        settings=web,
        database=database,
        services=ServiceClients(web.rpc_addresses, TokenIssuer(identity_key)),
        sessions=Sessions(database, real_time, web.clock()),
        sign_in=SignIn(database, Passwords(), real_time),
        clock=web.clock(),
        drafts=FormDrafts.with_key(database, web.clock(), identity_key),
        unread_streams=UnreadStreams(database, real_time),
    )
    listener = notification_listener(web.amqp_url.get_secret_value(), database, gateway.clock, gateway.drafts.prune)
    telemetry.get_logger().info("gateway serves", port=web.port, address=web.origin)
    config = uvicorn.Config(
        create_app(gateway, listener),
        host=web.gateway_host,
        port=web.port,
        log_config=None,
        access_log=False,  # paths hold record numbers; counts per route are in /metrics
        server_header=False,
        proxy_headers=bool(web.trusted_proxies),
        forwarded_allow_ips=web.trusted_proxies or None,
        timeout_graceful_shutdown=GRACE_SECONDS,
    )
    run_server(config, gateway.unread_streams)


def migrate() -> None:
    """Bring the database to the newest schema and declare the queues."""
    from chassis.db.migrate import upgrade_schema  # brings alembic, which serving does without

    suite = load_suite()
    upgrade_schema(_database().engine, MIGRATIONS)
    queues = [notified.queue for notified in NOTIFIED_EVENTS]
    with publish.open_connection(suite.amqp_url.get_secret_value()) as connection:
        topology.declare_queues(connection, queues)
    telemetry.get_logger().info("migrated", service="gateway")


def seed() -> None:
    """Add the demo users (SUITE_ENV local or test)."""
    seed_users(load_suite(), _database())
    telemetry.get_logger().info("seeded", service="gateway")


def _database() -> Database:
    return Database(load_service(GatewaySettings, "gateway").database_url.get_secret_value())


COMMANDS = {"serve": serve, "migrate": migrate, "seed": seed}


def main() -> None:
    command = sys.argv[1] if len(sys.argv) > 1 else ""
    if command not in COMMANDS:
        raise SystemExit(f"Please name one command: {', '.join(COMMANDS)}.")
    telemetry.configure_logging(f"gateway-{command}")
    load_markets()
    COMMANDS[command]()


if __name__ == "__main__":
    main()
