"""Typesetting of documents: from a domain object to PDF bytes. What people typed is data here, never markup."""
