"""A connection that is lost under an acknowledgement ends no worker."""

from collections.abc import Callable
from typing import Any

import pytest
from amqp.exceptions import RecoverableConnectionError

from chassis.bus.consumer_liveness import ConsumerLiveness


class Consumer:
    """Stands for nameko's, on a socket that is gone."""

    def __init__(self, error: Exception) -> None:
        self._error = error

    def ack_message(self, _message: Any) -> None:
        raise self._error

    def requeue_message(self, _message: Any) -> None:
        raise self._error


class LivenessConsumer(ConsumerLiveness, Consumer):
    pass


ACTS: list[Callable[[Any], None]] = [lambda one: one.ack_message(None), lambda one: one.requeue_message(None)]


@pytest.mark.parametrize("act", ACTS)
@pytest.mark.parametrize("error", [ConnectionResetError(), BrokenPipeError(), RecoverableConnectionError()])
def test_a_connection_that_is_gone_under_an_acknowledgement_raises_nothing(
    act: Callable[[Any], None], error: Exception
) -> None:
    act(LivenessConsumer(error))
    with pytest.raises(type(error)):  # the control
        act(Consumer(error))


@pytest.mark.parametrize("act", ACTS)
def test_an_unexpected_error_is_not_hidden(act: Callable[[Any], None]) -> None:
    with pytest.raises(ValueError, match="ours"):
        act(LivenessConsumer(ValueError("ours")))
