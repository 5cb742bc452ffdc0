"""A carrier that receives submitted applications with one AMQP library and no code of the suite.

AMQP_URL=amqp://user:password@host:5672/ python docs/how-to/hear_submissions.py   (stop it with Ctrl-C)
"""

import asyncio
import json
import os

import aio_pika

EVENT = "enrollment.application.submitted.v1"
# Made when the operator added the feed. Events wait there while the carrier is down; one that it rejects goes to
# feed.example-carrier.dead.
QUEUE = "feed.example-carrier"
# In a real carrier this is a table with a unique id, written in the transaction of the work itself.
handled: set[str] = set()


async def main() -> None:
    connection = await aio_pika.connect_robust(os.environ["AMQP_URL"])
    async with connection:
        channel = await connection.channel()
        await channel.set_qos(prefetch_count=10)
        queue = await channel.get_queue(QUEUE)
        say(f"Listening on {QUEUE}.")
        async with queue.iterator() as messages:
            async for message in messages:
                try:
                    async with message.process():  # acknowledged when handled, dead-lettered when not
                        handle(message)
                except (KeyError, ValueError) as wrong:
                    say(f"Moved to the dead-letter queue: {type(wrong).__name__}.")


def handle(message: aio_pika.abc.AbstractIncomingMessage) -> None:
    if message.type != EVENT or not message.message_id or message.message_id in handled:
        return
    event = json.loads(message.body)
    cents = int(event["monthlyPremium"]["cents"])
    plans = ", ".join(plan["name"] for plan in event["plans"])
    premium = f"${cents // 100:,}.{cents % 100:02d}"
    say(f"{event['recordNumber']} in {event['state']} from {event['effectiveDate']}: {plans}, {premium}")
    handled.add(message.message_id)


def say(line: str) -> None:
    print(line, flush=True)  # noqa: T201  # an example for the terminal


if __name__ == "__main__":
    try:
        asyncio.run(main())
    except KeyboardInterrupt:
        say("Stopped.")
