"""Moves the dead letters of one queue back into it; each is removed only after the queue has confirmed it.

AMQP_URL=... .venv/bin/python docs/how-to/replay_dead_letters.py documents.enrollment.application.submitted.v1
"""

import os
import sys

from chassis.bus import headers, publish


def replay(amqp_url: str, queue: str) -> int:
    """Return how many messages were moved; one that fails again meanwhile waits for the next run."""
    with publish.open_connection(amqp_url) as source, publish.open_connection(amqp_url) as target:
        channel = source.channel()
        home = publish.ConfirmedPublisher(target)
        waiting = channel.queue_declare(f"{queue}.dead", passive=True).message_count
        for _ in range(waiting):
            message = channel.basic_get(f"{queue}.dead")
            # the retries start over, and the count of attempts goes on
            kept = headers.headers_of_replay(message.headers)
            body = message.body if isinstance(message.body, bytes) else message.body.encode()
            home.to_queue(queue, body, str(message.properties.get("message_id", "")), kept)
            channel.basic_ack(message.delivery_tag)
        return int(waiting)


if __name__ == "__main__":
    sys.stdout.write(f"{replay(os.environ['AMQP_URL'], sys.argv[1])} messages moved back to the queue.\n")
