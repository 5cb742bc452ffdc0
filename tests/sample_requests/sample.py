"""A request that its method takes, and what becomes of it when it is sent again."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass

from google.protobuf.message import Message

from chassis.identity import Caller
from tests.sample_requests.records import SampleRecords
from tests.suite_calls import PRODUCER


@dataclass(frozen=True, slots=True)
class Sample:
    """``caller``: somebody who may send it."""

    request: Message
    caller: Caller = PRODUCER


MakeSample = Callable[[SampleRecords], Sample]
"""Each time another one, about records that nothing was done to."""
Samples = Mapping[str, MakeSample]
"""By the name of the method."""
