"""gRPC: the transport of a contract and the client of the gateway.

Never imported by a patched worker (docs/adr/0002).
"""
