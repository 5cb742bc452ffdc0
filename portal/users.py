"""``portal user``: the people who sign in, and the writing numbers of producers."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from enum import StrEnum
from typing import Annotated, TypeVar

import typer

from chassis.identity import CallerKind, WritingNumber
from chassis.kernel import InvalidInput, SystemClock
from gateway.identity.password_changes import LINK_LIFETIME
from gateway.identity.user_administration import UserAdministration
from gateway.settings import load_web
from gateway.store.user_changes import Account
from portal.carrier_files import refuse, say
from portal.gateway_database import run_on_gateway

users = typer.Typer(no_args_is_help=True, help="Add, list, disable, enable and reset users; writing numbers.")
numbers = typer.Typer(no_args_is_help=True, help="The writing numbers of a producer.")
users.add_typer(numbers, name="numbers")

Result = TypeVar("Result")
Email = Annotated[str, typer.Argument(metavar="EMAIL", help="With which the person signs in.")]
Number = Annotated[str, typer.Argument(metavar="NUMBER", help="The carrier's writing number, nine digits.")]


class Role(StrEnum):
    """Who can be added."""

    PRODUCER = CallerKind.PRODUCER.value
    DELEGATE = CallerKind.DELEGATE.value


@users.command("add")
def add_user(
    email: Email,
    name: Annotated[str, typer.Option(help="As colleagues read it.")],
    role: Annotated[Role, typer.Option(help="A delegate acts for producers, who say what may be done.")] = (
        Role.PRODUCER
    ),
    organization: Annotated[
        bool,
        typer.Option("--organization", help="The person signs in with the organization, and has no password here."),
    ] = False,
) -> None:
    """Add a user, and print the link with which the person sets a password. It works once, for 72 hours.

    Hand it over on a way that you trust: whoever opens it first has the account. Exits with 2 when nothing was added.
    """
    if organization:
        _administer(lambda users: users.add_to_organization(email, name, CallerKind(role)))
        _say_who_comes(email)
    else:
        _say_link(_administer(lambda users: users.add(email, name, CallerKind(role))))


@users.command("reset")
def reset_user(
    email: Email,
    two_step: Annotated[bool, typer.Option("--two-step", help="Turn two-step sign-in off as well.")] = False,
) -> None:
    """End a user's sessions and password, and print a link for a new one. It works once, for 72 hours."""
    _say_link(_administer(lambda users: users.reset(email, two_step=two_step)))


@users.command("use-organization")
def use_organization(
    email: Email,
    subject: Annotated[
        str, typer.Option(help="By which the provider knows the person, where it does not verify addresses.")
    ] = "",
) -> None:
    """Let a user sign in with the organization from now on: password and second factor are gone, and sessions end.

    Again for a user who does so already: forgets whom the provider knew as the user.
    """
    issuer = load_web().oidc_issuer
    if subject and not issuer:
        raise refuse(InvalidInput("Set OIDC_ISSUER as for the gateway: a subject is good at one provider alone."))
    _administer(lambda users: users.use_organization(email, issuer, subject))
    if subject:
        say(f"{email} signs in with the organization, as the subject that you gave.")
    else:
        _say_who_comes(email)


@users.command("use-password")
def use_password(email: Email) -> None:
    """Let a user of the organization sign in with a password instead, and print the link that sets it."""
    _say_link(_administer(lambda users: users.use_password(email)))


@users.command("disable")
def disable_user(email: Email) -> None:
    """Sign a user out everywhere, within a second, and let the user sign in no more. Everything else stays."""
    _administer(lambda users: users.disable(email))
    say(f"{email} is disabled.")


@users.command("enable")
def enable_user(email: Email) -> None:
    """Let a user who was disabled sign in again, with the password as it was."""
    _administer(lambda users: users.enable(email))
    say(f"{email} is enabled.")


@users.command("list")
def list_users() -> None:
    """Show every user, with writing numbers. Changes nothing."""
    found = _administer(lambda users: users.list_accounts())
    if not found:
        say("No users.")
    for account, owned in found:
        standing = "" if account.active else ", disabled"
        say(f"{account.email}: {account.name}, {account.role}{standing}{_describe_sign_in(account)}")
        for one in owned:
            say(f"  {one.number} {one.state} {one.producer_name}")


@numbers.command("add")
def add_number(
    email: Email,
    number: Number,
    state: Annotated[str, typer.Option(help="Two letters: the one state in which the number is good.")],
    producer_name: Annotated[str, typer.Option(help='As licensed: "FRITZ, CALVIN C".')],
    company_name: Annotated[str, typer.Option(help="Of the agency; the producer's name unless given.")] = "",
    phone: Annotated[str, typer.Option(help="For clients, ten digits.")] = "",
    npn: Annotated[str, typer.Option(help="The National Producer Number.")] = "",
) -> None:
    """Give a producer a writing number, or change what is known of one that the producer has. It counts at once."""
    given = WritingNumber(number, state.upper(), producer_name.strip(), company_name.strip(), phone.strip(), npn)
    _administer(lambda users: users.put_number(email, given))
    say(f"{number} is a writing number of {email}.")


@numbers.command("remove")
def remove_number(email: Email, number: Number) -> None:
    """Take a writing number from a producer and from the delegates who may use it. It counts at once."""
    _administer(lambda users: users.remove_number(email, number))
    say(f"{number} is no longer a writing number of {email}.")


def _administer(act: Callable[[UserAdministration], Awaitable[Result]]) -> Result:
    return run_on_gateway(lambda database: act(UserAdministration(database, SystemClock())))


def _describe_sign_in(account: Account) -> str:
    if account.by_organization:
        return ", signs in with the organization" + ("" if account.was_there else ", has not done so yet")
    return "" if account.has_password else ", no password set"


def _say_who_comes(email: str) -> None:
    say(f"{email} signs in with the organization: whoever it signs in first with this address has the account.")


def _say_link(secret: str) -> None:
    say(f"{load_web().origin}/set-password/{secret}")
    say(f"The link works once, for {int(LINK_LIFETIME.total_seconds() // 3600)} hours.")
