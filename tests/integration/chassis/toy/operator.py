"""``portal dlq`` over the toy's queues: ``python -m tests.integration.chassis.toy.operator dlq list``.

``TOY_HANG=1``: a command that has read a dead letter does not go on.
"""

import os
import sys
import threading
from collections.abc import Callable, Iterator

from chassis.bus.dead_letters import DeadLetter, DeadLetters
from chassis.bus.topology import EventQueue
from portal import dead_letters
from portal.__main__ import main
from tests.integration.chassis.toy import messages
from tests.integration.chassis.toy.service import SERVICE

# Nobody declares it.
GONE = EventQueue("toy", "toy.note.forgotten.v1")


def arrange(put: Callable[[object, str, object], None]) -> None:
    put(dead_letters, "find_queues", lambda: [*SERVICE.queues, GONE])
    put(dead_letters, "find_message", lambda _: messages.NoteWritten)


def hang(letters: DeadLetters) -> Iterator[DeadLetter]:
    for letter in read(letters):
        sys.stdout.write(f"{letter.id} is read\n")
        sys.stdout.flush()
        threading.Event().wait()
        yield letter


if __name__ == "__main__":
    arrange(setattr)
    read = DeadLetters.__iter__
    if os.environ.get("TOY_HANG"):
        DeadLetters.__iter__ = hang  # type: ignore[method-assign]  # the test ends the process there
    main()
