"""The rpcs of the five services, by name."""

from __future__ import annotations

from suite.documents.v1 import documents_service_pb2
from suite.enrollment.v1 import enrollment_service_pb2
from suite.payment.v1 import payment_service_pb2
from suite.pcp.v1 import pcp_service_pb2
from suite.quote.v1 import quote_service_pb2

QUOTE = quote_service_pb2.DESCRIPTOR.services_by_name["QuoteService"].methods_by_name
ENROLLMENT = enrollment_service_pb2.DESCRIPTOR.services_by_name["EnrollmentService"].methods_by_name
PCP = pcp_service_pb2.DESCRIPTOR.services_by_name["PcpService"].methods_by_name
PAYMENT = payment_service_pb2.DESCRIPTOR.services_by_name["PaymentService"].methods_by_name
DOCUMENTS = documents_service_pb2.DESCRIPTOR.services_by_name["DocumentsService"].methods_by_name
