"""Composition root: ``python -m gateway serve|migrate|seed|load-agencies FILE``. Un-patched, asynchronous."""

from __future__ import annotations

import sys
from pathlib import Path

from chassis import telemetry
from chassis.bus import publish, topology
from chassis.db import Database
from chassis.identity import TokenIssuer
from chassis.kernel import SystemClock
from chassis.rpc.tls import load_rpc_tls
from chassis.settings import SettingsError, load_markets, load_service, load_suite
from gateway.app import create_app
from gateway.commands.seed import refuse_demo_users, seed_users
from gateway.edge.context import GatewayContext
from gateway.edge.health import serve_monitoring
from gateway.edge.server import run_server, server_config
from gateway.edge.service_clients import ServiceClients
from gateway.events.event_handlers import NOTIFIED_EVENTS, notification_listener
from gateway.forms.drafts import FormDrafts
from gateway.identity import agencies
from gateway.identity.composition import compose_identity
from gateway.notifications.unread_streams import UnreadStreams
from gateway.settings import GatewaySettings, load_web
from gateway.store.database import GatewayDatabase

MIGRATIONS = Path(__file__).parent / "store" / "migrations"


def serve() -> None:
    """Portal and API on PORT."""
    web = load_web()
    if web.suite_env == "production" and not web.origin.startswith("https://"):
        raise SettingsError("PORTAL_URL has to begin with https:// in production: passwords are typed there.")
    own = load_service(GatewaySettings, "gateway")
    if not own.identity_key.get_secret_value():
        raise SettingsError(
            "GATEWAY_IDENTITY_KEY is empty, so every service would reject the gateway. Set it to a JWK."
        )
    tls = load_rpc_tls(web)
    users = Database(own.database_url.get_secret_value())
    refuse_demo_users(web, users)
    users.close()
    database = GatewayDatabase(own.async_url)
    real_time = SystemClock()  # a session's life is real time, whatever the business date
    identity_key = own.identity_key.get_secret_value()
    identity = compose_identity(database, web, identity_key, own.key_ring, real_time, web.clock())
    gateway = GatewayContext(
        settings=web,
        database=database,
        services=ServiceClients(
            web.rpc_addresses,
            TokenIssuer(identity_key),
            web.clock(),
            tls.channel_credentials() if tls else None,
        ),
        sessions=identity.sessions,
        sign_in=identity.sign_in,
        password_changes=identity.password_changes,
        api_clients=identity.api_clients,
        clock=web.clock(),
        drafts=FormDrafts.with_key(database, web.clock(), identity_key),
        unread_streams=UnreadStreams(database, real_time, web.session_limits),
        organization_sign_in=identity.organization_sign_in,
    )
    listener = notification_listener(web.amqp_url.get_secret_value(), database, gateway.clock, gateway.drafts.prune)
    telemetry.get_logger().info("gateway serves", port=web.port, address=web.origin)
    app = create_app(gateway, listener)
    serve_monitoring(app)
    config = server_config(app, web)
    run_server(config, gateway.unread_streams)


def migrate() -> None:
    """Bring the database to the newest schema, give the processes' role its rights, and declare the queues."""
    from chassis.db.grants import grant_rights
    from chassis.db.migrate import upgrade_schema  # brings alembic, which serving does without

    suite = load_suite()
    database = _database()
    upgrade_schema(database.engine, MIGRATIONS)
    if role := load_service(GatewaySettings, "gateway").database_role:
        grant_rights(database.engine, role, MIGRATIONS.with_name("grants.sql"))
    queues = [notified.queue for notified in NOTIFIED_EVENTS]
    with publish.open_connection(suite.amqp_url.get_secret_value()) as connection:
        topology.declare_queues(connection, queues)
    telemetry.get_logger().info("migrated", service="gateway")


def seed() -> None:
    """Add the demo users (SUITE_ENV local or test)."""
    seed_users(load_suite(), _database())
    telemetry.get_logger().info("seeded", service="gateway")


def load_agencies() -> None:
    """Take the hierarchy of agencies from the file that is named."""
    if len(sys.argv) < 3:
        raise SystemExit("Please name the file with the agencies.")
    try:
        found = agencies.read_agencies(Path(sys.argv[2]))
        agencies.load_agencies(_database(), found)
    except agencies.BadHierarchy as error:
        raise SystemExit(str(error)) from None
    telemetry.get_logger().info("agencies loaded", count=len(found))


def _database() -> Database:
    return Database(load_service(GatewaySettings, "gateway").database_url.get_secret_value())


COMMANDS = {"serve": serve, "migrate": migrate, "seed": seed, "load-agencies": load_agencies}


def main() -> None:
    command = sys.argv[1] if len(sys.argv) > 1 else ""
    if command not in COMMANDS:
        raise SystemExit(f"Please name one command: {', '.join(COMMANDS)}.")
    telemetry.configure_logging(f"gateway-{command}")
    load_markets()
    COMMANDS[command]()


if __name__ == "__main__":
    main()
