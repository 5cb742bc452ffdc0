"""What every service shares; it knows no service.

``kernel`` (values and errors that even a pure domain may use), ``settings``, ``db`` (transactions, outbox, inbox,
audit), ``bus`` (RabbitMQ), ``rpc`` (gRPC), ``contract``, ``contract_options`` and ``error_mapping`` (for both ways of
calling), ``identity``, ``crypto``, ``telemetry``, ``health``, ``service`` (what a service is made of),
``processes`` and ``cli`` (how it runs), ``form_words`` (what clients read, in each language).
"""
