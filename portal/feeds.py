"""``portal feed``: which outside subscribers are told of which events."""

from __future__ import annotations

import pkgutil
import re
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from fnmatch import fnmatchcase
from typing import Annotated

import typer
from sqlalchemy.exc import SQLAlchemyError

import services
from chassis.bus import publish
from chassis.bus.relay import LONGEST_REST_SECONDS
from chassis.bus.topology import FeedQueue
from chassis.feeds import Feeds
from chassis.kernel import Unavailable
from chassis.relay import load_events, open_database
from chassis.settings import SettingsError, load_suite
from portal.carrier_files import FAULTY, FINE, refuse, say

feeds = typer.Typer(no_args_is_help=True, help="Add, list and remove the feeds of outside subscribers.")

# A label of a metric and a part of a queue's name; with a dot, `x.dead` would be the dead letters of `x`.
NAME = re.compile(r"[a-z0-9](?:[a-z0-9-]{0,61}[a-z0-9])?")

FeedName = Annotated[str, typer.Argument(metavar="NAME", help="Small letters, digits and dashes.")]
EventPatterns = Annotated[
    list[str], typer.Option("--event", help="An event type, or a pattern such as 'enrollment.*'. May be repeated.")
]


class FeedError(Exception):
    """A sentence that says why, and what to do."""


@feeds.command("add")
def add_feed(name: FeedName, events: EventPatterns) -> None:
    """Add a feed, or give it other event types, for what happens from now on. Its queue is feed.NAME.

    Needs the databases of all services, and the broker.
    """
    with _open_feeds() as known:
        if not NAME.fullmatch(name):
            raise FeedError(f"{name} is no name of a feed. Use 1 to 63 small letters, digits and dashes.")
        chosen = choose_event_types(events)
        known.add(name, chosen)
    say(f"{name}: {len(chosen)} event types, in the queue {FeedQueue(name).name}.")


@feeds.command("list")
def list_feeds() -> None:
    """Show the feeds: how far each service's events are numbered, how many wait, and for how long. Changes nothing.

    Exits with 0 when no event waits for more than a minute, 1 when one does, 2 when a database could not be read.
    """
    with _open_feeds() as known:
        found = known.list_states()
    if not found:
        say("No feeds.")
    for service, state in found:
        waits = f"{state.waiting} wait, the oldest for {state.waiting_seconds:.0f} s" if state.waiting else "none waits"
        types = f"{len(state.event_types)} event types"
        say(f"{state.name}: {service}, {types}, last number {state.last_sequence}, {waits}")
    late = any(state.waiting_seconds > LONGEST_REST_SECONDS for _, state in found)
    raise typer.Exit(FAULTY if late else FINE)


@feeds.command("remove")
def remove_feed(
    name: FeedName,
    discard: Annotated[bool, typer.Option("--discard", help="Also what the subscriber has not taken yet.")] = False,
) -> None:
    """Remove a feed and its queue."""
    with _open_feeds() as known:
        if all(state.name != name for _, state in known.list_states()):
            raise FeedError(f"There is no feed {name}. `portal feed list` shows all.")
        if not discard and (left := known.count_untaken(name)):
            raise FeedError(
                f"{name} has {left} events that were not taken yet. Wait until they are, or give --discard."
            )
        known.remove(name)
    say(f"{name}: removed.")


def choose_event_types(patterns: Sequence[str]) -> list[str]:
    """The event types that a pattern names, as the contracts have them; FeedError where one names none."""
    known = [event_type for service in _publishers() for event_type in load_events(service)]
    for pattern in patterns:
        if not any(fnmatchcase(event_type, pattern) for event_type in known):
            raise FeedError(f"No event is called {pattern}. docs/reference/events.md lists them.")
    return sorted(event_type for event_type in known if any(fnmatchcase(event_type, one) for one in patterns))


def _publishers() -> list[str]:
    return [module.name for module in pkgutil.iter_modules(services.__path__) if module.ispkg]


@contextmanager
def _open_feeds() -> Iterator[Feeds]:
    """What goes wrong within is a sentence."""
    try:
        if not (amqp_url := load_suite().amqp_url.get_secret_value()):
            raise FeedError("AMQP_URL is empty. Set it to the address of the message broker.")
        yield Feeds({service: open_database(service) for service in _publishers()}, amqp_url)
    except (SettingsError, FeedError) as why:
        raise refuse(FeedError(why)) from None
    except Unavailable as away:
        raise refuse(away) from None
    except SQLAlchemyError:
        raise refuse(FeedError("A database has no feeds yet. Run the migrate command of every service.")) from None
    except publish.BROKER_ERRORS as lost:
        sentence = f"The message broker at AMQP_URL does not answer ({type(lost).__name__}). Run the command again."
        raise refuse(FeedError(sentence)) from None
