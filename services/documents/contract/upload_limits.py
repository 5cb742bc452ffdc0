"""What may be uploaded, as the contract says it."""

from __future__ import annotations

from suite.documents.v1.proof_documents_pb2 import AddProofDocumentRequest

from chassis.contract_options import max_bytes, media_types
from services.documents.domain.proof import UploadLimits

_CONTENT = AddProofDocumentRequest.DESCRIPTOR.fields_by_name["content"]
UPLOAD_LIMITS = UploadLimits(media_types(_CONTENT), max_bytes(_CONTENT))
