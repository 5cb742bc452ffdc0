"""Calls of documents to other services, behind the ports of its use cases."""
