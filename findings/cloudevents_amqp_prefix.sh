#!/usr/bin/env bash
# cloudevents (Python SDK): the same headers through its AMQP binding and its RabbitMQ binding.
#
# Expected: RabbitMQ speaks AMQP, so an event with the headers that the CloudEvents AMQP binding prescribes
# ("cloudEvents_type" or "cloudEvents:type") can be read from a RabbitMQ queue.
#
# What happens: the SDK has two bindings. The one called AMQP is for AMQP 1.0 and takes those headers; the one called
# RabbitMQ is for AMQP 0-9-1, takes "ce-type" alone and refuses the same event as having no attributes at all. Neither reads
# what the other writes.
#
# Where it bites: a publisher that follows the specification's AMQP page is unreadable to a subscriber that uses the
# SDK as it is meant for RabbitMQ. Sending each attribute under both names is read by both.
set -euo pipefail

FOLDER=$(mktemp -d)
trap 'rm -rf "$FOLDER"' EXIT
python3 -m venv "$FOLDER/venv"
"$FOLDER/venv/bin/pip" install --quiet --disable-pip-version-check "cloudevents==2.2.0"

"$FOLDER/venv/bin/python" - <<'PYTHON'
from importlib.metadata import version

from cloudevents.core.bindings import amqp, rabbitmq
from cloudevents.core.exceptions import CloudEventValidationError
from cloudevents.core.formats.json import JSONFormat

ATTRIBUTES = {"specversion": "1.0", "type": "sample.submitted.v1", "source": "/sample", "id": "1"}
BODY = b'{"record_number": "A-0001"}'


def read_as_amqp(*prefixes: str) -> str:
    headers = {f"{prefix}{name}": value for prefix in prefixes for name, value in ATTRIBUTES.items()}
    message = amqp.AMQPMessage(properties={"content-type": "application/json"}, application_properties=headers, application_data=BODY)
    return _read(lambda: amqp.from_binary(message, JSONFormat()))


def read_as_rabbitmq(*prefixes: str) -> str:
    headers = {f"{prefix}{name}": value for prefix in prefixes for name, value in ATTRIBUTES.items()}
    message = rabbitmq.RabbitMQMessage(headers=headers, content_type="application/json", body=BODY)
    return _read(lambda: rabbitmq.from_binary(message, JSONFormat()))


def _read(read) -> str:
    try:
        return read().get_type()
    except CloudEventValidationError as error:
        return type(error).__name__


print("cloudevents", version("cloudevents"))
rows = (("cloudEvents:",), ("cloudEvents_",), ("ce-",), ("cloudEvents:", "ce-"))
found = {row: (read_as_amqp(*row), read_as_rabbitmq(*row)) for row in rows}
for row, (as_amqp, as_rabbitmq) in found.items():
    print(f"{' and '.join(row):22} amqp: {as_amqp:28} rabbitmq: {as_rabbitmq}")
read, refused = ATTRIBUTES["type"], "CloudEventValidationError"
assert found["cloudEvents:",] == found["cloudEvents_",] == (read, refused), "the RabbitMQ binding takes them now"
assert found["ce-",] == (refused, read), "the AMQP binding takes them now"
assert found["cloudEvents:", "ce-"] == (read, read), "both names together are not read any more"
PYTHON
