"""Shared plumbing of every service; it knows no service.

Rooms: ``kernel`` (values and errors that even a pure domain may use), ``settings``, ``db``, ``outbox``, ``bus``,
``rpc``, ``identity``, ``crypto``, ``audit``, ``telemetry``, ``service`` (composition) and ``testing``.
"""
