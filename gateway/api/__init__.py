"""The JSON API under /api/v1, derived from the services' protos: a route table and two converters."""
