"""Exchanges and queues, all declared by code and all the same way.

Events of service X go to the durable topic exchange ``X.events``. A consumer's queue is ``<consumer>.<event type>``:
quorum, with a delivery limit, dead-lettering into ``<queue>.dead``; waiting messages rest in
``<queue>.retry.<seconds>``. Only features that RabbitMQ 3.10 and 4.x share (docs/adr/0004).
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from amqp.exceptions import NotFound
from kombu import Connection, Exchange, Queue

# A crash while handling counts as a delivery; with a prefetch above one, innocent neighbours of the message that kills
# its worker are counted too, so this stays well above the attempts that we count ourselves (reliability.md 1.4).
DELIVERY_LIMIT = 20
# Seconds to wait before each further attempt: twice at once, since most faults pass, then up to an hour (reliability.md
# 1.5). Fixed steps, not jittered: a quorum queue releases in order, so unequal times would hold each other up.
RETRY_LADDER = (0, 0, 10, 60, 600, 3600)
# Messages of a few kilobytes each: some ten megabytes at the broker for a subscriber that is away; what comes after
# them waits in the database, for as long as events are kept there.
FEED_LENGTH = 10_000
DEAD_EXCHANGE = Exchange("dead", type="direct", durable=True)
# A name of nameko's protocol.
CALL_EXCHANGE = Exchange("nameko-rpc", type="topic", durable=True)


@dataclass(frozen=True, slots=True)
class EventQueue:
    """The queue from which one consumer reads one event type."""

    consumer: str
    event_type: str

    @property
    def name(self) -> str:
        return f"{self.consumer}.{self.event_type}"

    @property
    def queue(self) -> Queue:
        return Queue(
            self.name,
            events_exchange(self.event_type),
            routing_key=self.event_type,
            durable=True,
            queue_arguments={
                "x-queue-type": "quorum",
                "x-delivery-limit": DELIVERY_LIMIT,
                # at-least-once dead-lettering needs a full queue to refuse rather than drop
                "x-overflow": "reject-publish",
                "x-dead-letter-exchange": DEAD_EXCHANGE.name,
                "x-dead-letter-routing-key": self.name,
                "x-dead-letter-strategy": "at-least-once",
            },
        )

    @property
    def dead(self) -> Queue:
        return Queue(
            f"{self.name}.dead",
            DEAD_EXCHANGE,
            routing_key=self.name,
            durable=True,
            queue_arguments={"x-queue-type": "quorum"},
        )

    def retry(self, seconds: int) -> Queue:
        """Where a message waits; it comes back to the queue through the default exchange."""
        return Queue(
            f"{self.name}.retry.{seconds}",
            durable=True,
            queue_arguments={
                "x-queue-type": "quorum",
                "x-message-ttl": seconds * 1000,
                "x-overflow": "reject-publish",
                "x-dead-letter-exchange": "",
                "x-dead-letter-routing-key": self.name,
                "x-dead-letter-strategy": "at-least-once",
            },
        )

    def all_queues(self) -> list[Queue]:
        return [self.dead, self.queue, *(self.retry(seconds) for seconds in sorted(set(RETRY_LADDER) - {0}))]


@dataclass(frozen=True, slots=True)
class FeedQueue:
    """The queue of one outside subscriber (docs/adr/0047), who may read it and its dead letters, and nothing else."""

    feed: str

    @property
    def name(self) -> str:
        return f"feed.{self.feed}"

    @property
    def queue(self) -> Queue:
        return Queue(
            self.name,
            durable=True,
            queue_arguments={
                "x-queue-type": "quorum",
                "x-delivery-limit": DELIVERY_LIMIT,
                "x-max-length": FEED_LENGTH,
                # a full queue refuses, and the forwarder tries again
                "x-overflow": "reject-publish",
                "x-dead-letter-exchange": "",
                "x-dead-letter-routing-key": self.dead.name,
                "x-dead-letter-strategy": "at-least-once",
            },
        )

    @property
    def dead(self) -> Queue:
        """What the subscriber rejected; the oldest goes when it looks at none of them."""
        arguments = {"x-queue-type": "quorum", "x-max-length": FEED_LENGTH}
        return Queue(f"{self.name}.dead", durable=True, queue_arguments=arguments)


def events_exchange(event_type: str) -> Exchange:
    """``enrollment.application.submitted.v1`` goes through ``enrollment.events``."""
    return Exchange(f"{event_type.split('.', 1)[0]}.events", type="topic", durable=True)


def declare_queues(connection: Connection, queues: list[EventQueue]) -> None:
    """Declare queues with all that belongs to them; harmless when they are there already.

    Runs in ``migrate``, before any publisher starts, so that no event finds its subscriber's queue missing.
    """
    with connection.channel() as channel:
        for event_queue in queues:
            for queue in event_queue.all_queues():
                queue(channel).declare()


def declare_feed(connection: Connection, feed: FeedQueue) -> None:
    """Declare the queue of a feed; harmless when it is there already."""
    with connection.channel() as channel:
        feed.dead(channel).declare()
        feed.queue(channel).declare()


def count_ready(channel: Any, queue: str) -> int:
    """Messages that wait in a queue; raises NotFound where it is not there, and a BROKER_ERROR while it has no leader.

    The broker says 0 of a quorum queue whose leader does not answer within a quarter of a second (RabbitMQ 3.10.8,
    docs/adr/0004): of an empty queue, and of every queue while the machine is busy. So 0 is believed only where a get
    finds nothing either. Its message goes back to its place and has one more delivery counted.
    """
    if count := int(channel.queue_declare(queue, passive=True).message_count):
        return count
    message = channel.basic_get(queue)
    if message is None:
        return 0
    channel.basic_reject(message.delivery_tag, requeue=True)
    return 1 + int(message.delivery_info["message_count"])


def count_messages(connection: Connection, feed: FeedQueue) -> int:
    """Messages that wait for the subscriber; 0 when its queue is not there."""
    with connection.channel() as channel:
        try:
            return count_ready(channel, feed.name)
        except NotFound:
            return 0


def delete_feed(connection: Connection, feed: FeedQueue) -> None:
    """Delete the queue of a feed, and what is in it."""
    with connection.channel() as channel:
        channel.queue_delete(feed.name)
        channel.queue_delete(feed.dead.name)


def count_unhandled(connection: Connection, event_queue: EventQueue, held_by_each: int) -> int:
    """Messages that wait in a queue, and as many as each of its consumers may hold; 0 when none waits.

    What waits for a further attempt is not counted.
    """
    with connection.channel() as channel:
        waiting = count_ready(channel, event_queue.name)
        consumers = channel.queue_declare(event_queue.name, passive=True).consumer_count
    return int(waiting + consumers * held_by_each) if waiting else 0


def declare_exchange(connection: Connection, service: str) -> None:
    """Declare the exchange of a service that publishes."""
    with connection.channel() as channel:
        Exchange(f"{service}.events", type="topic", durable=True)(channel).declare()


def declare_call_queues(connection: Connection, services: Iterable[str]) -> None:
    """Declare the queues of calls exactly as nameko does; harmless when they are there already.

    Before any service of a worker takes an event: a call that its handler makes then waits until it is taken. Without a
    queue nobody would be there, and the event had failed.
    """
    with connection.channel() as channel:
        for service in services:
            Queue(call_queue(service), CALL_EXCHANGE, routing_key=f"{service}.*", durable=True)(channel).declare()


def call_queue(service: str) -> str:
    """The queue from which a service takes calls, as nameko names it."""
    return f"rpc-{service}"
