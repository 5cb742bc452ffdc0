"""Enums that the quote templates need to name values."""

from __future__ import annotations

from suite.common.v1 import common_pb2
from suite.quote.v1 import quote_pb2

ENUMS = {
    "Relationship": common_pb2.Relationship,
    "Sex": common_pb2.Sex,
    "Exchange": common_pb2.Exchange,
    "Coverage": common_pb2.Coverage,
    "QuoteStatus": quote_pb2.QuoteStatus,
}
