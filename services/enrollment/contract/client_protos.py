"""Contract: clients and addresses, as proto messages."""

from __future__ import annotations

from suite.enrollment.v1 import clients_pb2

from chassis.mapping import ToProto
from services.enrollment.domain.client import ClientProfile
from services.enrollment.usecases.dtos import Client, FoundAddress

suggestion = ToProto(FoundAddress, clients_pb2.AddressSuggestion)
_profile = ToProto(ClientProfile, clients_pb2.Client, at_call=("client_id", "quotes", "drafts", "submissions"))


def client_to_proto(found: Client) -> clients_pb2.Client:
    counts = {"quotes": found.quotes, "drafts": found.drafts, "submissions": found.submissions}
    return _profile(found.profile, client_id=found.client_id, **counts)
