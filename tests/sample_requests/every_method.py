"""One sample request for every method of every service."""

from __future__ import annotations

from google.protobuf.descriptor import MethodDescriptor

from chassis.contract import request_class
from tests.contract_calls import rpcs
from tests.contract_fields import SERVICES
from tests.sample_requests import enrollment, others, quote
from tests.sample_requests.records import SampleRecords
from tests.sample_requests.sample import MakeSample, Sample, Samples

BY_SERVICE: dict[str, Samples] = {
    "quote": quote.SAMPLES,
    "enrollment": enrollment.SAMPLES,
    "pcp": others.PCP_SAMPLES,
    "payment": others.PAYMENT_SAMPLES,
    "documents": others.DOCUMENTS_SAMPLES,
}
METHODS: tuple[MethodDescriptor, ...] = tuple(method for service in SERVICES for method in rpcs(service))


def service_of(method: MethodDescriptor) -> str:
    """``quote`` of ``suite.quote.v1.QuoteService.GetQuote``."""
    return method.full_name.split(".")[1]


def sample_of(method: MethodDescriptor) -> MakeSample:
    """Raises KeyError for a method without a sample."""
    return BY_SERVICE[service_of(method)][method.name]


def make_sample(method: MethodDescriptor, records: SampleRecords) -> Sample:
    made = sample_of(method)(records)
    assert isinstance(made.request, request_class(method)), method.full_name
    return made
