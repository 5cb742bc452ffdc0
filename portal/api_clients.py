"""``portal api-client``: programs that act for a producer through the API."""

from __future__ import annotations

from datetime import timedelta
from typing import Annotated

import typer

from chassis.kernel import SystemClock
from gateway.identity.api_clients import OLD_SECRET_HOURS, ApiClients
from gateway.store.api_client_rows import SecretUse
from gateway.store.database import GatewayDatabase
from gateway.user import ApiScope
from portal.carrier_files import say
from portal.gateway_database import run_on_gateway

api_clients = typer.Typer(no_args_is_help=True, help="Add, list, rotate and revoke API clients.")

ClientId = Annotated[str, typer.Argument(metavar="CLIENT", help="As `portal api-client list` shows it.")]


@api_clients.command("add")
def add_client(
    name: Annotated[str, typer.Argument(metavar="NAME", help="What the program is: timelines show it.")],
    owner: Annotated[str, typer.Option(help="Email address of the producer for whom it acts.")],
    scope: Annotated[list[ApiScope], typer.Option(help="What it may do; may be given several times.")],
    number: Annotated[list[str], typer.Option(help="Writing number of the owner; may be given several times.")],
) -> None:
    """Add an API client and print its id and secret. The secret is shown this once.

    Exits with 2 when nothing was added.
    """
    client_id, secret = run_on_gateway(lambda database: _clients(database).add(owner, name, scope, number))
    say(f"client id: {client_id}")
    say(f"client secret: {secret}")


@api_clients.command("rotate")
def rotate_secret(
    client: ClientId,
    old_hours: Annotated[int, typer.Option(min=0, max=24 * 30, help="The old secrets end in so many hours.")] = (
        OLD_SECRET_HOURS
    ),
) -> None:
    """Print a new secret. The old one works for another day, so that nothing stands still; 0 hours end it at once."""
    ends_in = timedelta(hours=old_hours)
    secret = run_on_gateway(lambda database: _clients(database).rotate_secret(client, ends_in))
    say(f"client secret: {secret}")


@api_clients.command("revoke")
def revoke_client(client: ClientId) -> None:
    """End a client for good, with its secrets and tokens, within a second."""
    run_on_gateway(lambda database: _clients(database).revoke(client))
    say(f"{client} is revoked.")


@api_clients.command("list")
def list_clients() -> None:
    """Show every API client: for whom, what it may do, and when each secret was last used. Changes nothing."""
    found = run_on_gateway(lambda database: _clients(database).list_clients())
    if not found:
        say("No API clients.")
    for client, secrets in found:
        numbers = ", ".join(one.number for one in client.numbers) or "no writing number left"
        say(f"{client.client_id} {client.name}, for {client.owner_email}: {' '.join(client.scopes)}; {numbers}")
        for one in secrets:
            say(f"  {_describe(one)}")


def _clients(database: GatewayDatabase) -> ApiClients:
    return ApiClients(database, SystemClock())


def _describe(secret: SecretUse) -> str:
    used = f"last used {secret.last_used_at:%Y-%m-%d %H:%M} UTC" if secret.last_used_at else "not used yet"
    ends = f", ends {secret.expires_at:%Y-%m-%d %H:%M} UTC" if secret.expires_at else ""
    return f"secret of {secret.created_at:%Y-%m-%d %H:%M} UTC{ends}: {used}"
