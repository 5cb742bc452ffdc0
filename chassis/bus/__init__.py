"""RabbitMQ: queues, event envelopes, the bus transport of a contract, the client of other services, the relay.

``topology``, ``envelope``, ``publish`` and ``relay`` are plain kombu; ``worker`` and ``subscribe`` need the patched
worker process; ``client`` works in both (docs/adr/0002).
"""

from chassis.bus.compression import refuse_compression

# here, since whoever consumes imports this package first
refuse_compression()
