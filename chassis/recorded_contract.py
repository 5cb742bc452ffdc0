"""A contract whose answers with personal data are recorded before they leave (docs/adr/0046).

Every process serves its contracts through it, whatever the transport: no rpc can leave it out.
"""

from __future__ import annotations

from collections.abc import Iterator

from google.protobuf.descriptor import MethodDescriptor
from google.protobuf.message import DecodeError, Message

from chassis import failpoints
from chassis.access import access_rule
from chassis.contract import Contract, is_client_streaming, request_class
from chassis.db.access_log import Access, AccessLog, handling
from chassis.identity import Caller, CallerKind
from chassis.kernel import Clock, DomainError, Forbidden, InvalidInput, NotFound
from chassis.personal_data import find_subjects, kinds_of

# Refusals that say that somebody asked for what is not theirs, or is not there.
_DENIALS = (NotFound, Forbidden)


class RecordedContract:
    """Stands in front of a contract, for both transports."""

    def __init__(self, contract: Contract, log: AccessLog, clock: Clock) -> None:
        self._contract = contract
        self._log = log
        self._clock = clock
        self.descriptor = contract.descriptor
        for method in self.descriptor.methods:
            if is_client_streaming(method) and kinds_of(method.output_type):
                raise TypeError(f"{method.full_name} streams personal data, which nobody would record")

    def handle(self, method: MethodDescriptor, request: Message, caller: Caller) -> Message:
        """As the contract's; Unavailable when an answer cannot be recorded, and so cannot be given."""
        access = self._begin(method, request, caller)
        if caller.emergencies:
            caller = self._admit_emergency(method, access, caller)
        if not (access.personal_data or access.grant_id):
            return self._contract.handle(method, request, caller)
        with handling(access):
            try:
                response = self._contract.handle(method, request, caller)
            except _DENIALS as denied:
                self._record_denial(access, denied)
                raise
        self._record_answer(access, response)
        failpoints.trigger_failpoint("after access row before answer", method.full_name)
        return response

    def handle_bytes(self, method: MethodDescriptor, request: bytes, caller: Caller) -> bytes:
        """As the contract's, which may know an answer by its request where nobody's data is in it."""
        if not (kinds_of(method.output_type) or caller.emergencies):
            return self._contract.handle_bytes(method, request, caller)
        try:
            message = request_class(method).FromString(request)
        except DecodeError:
            raise InvalidInput("This is not a request of this method.", code="malformed") from None
        return self.handle(method, message, caller).SerializeToString()

    def handle_stream(self, method: MethodDescriptor, requests: Iterator[Message], caller: Caller) -> Iterator[Message]:
        return self._contract.handle_stream(method, requests, caller)

    def _begin(self, method: MethodDescriptor, request: Message, caller: Caller) -> Access:
        service = caller.answered_service
        access = Access(
            self._clock.now(),
            service or caller.subject,
            CallerKind.SERVICE if service else caller.kind,
            method.full_name,
            kinds_of(method.output_type),
            on_behalf_of="" if caller.is_service or not service else caller.subject,
        )
        access.add(find_subjects(request))
        access.known_at_start = bool(access.subjects)
        return access

    def _admit_emergency(self, method: MethodDescriptor, access: Access, caller: Caller) -> Caller:
        """For a call that only looks: the caller with the writing number of the record that an emergency opens."""
        rule = access_rule(method)
        emergency = caller.find_emergency(access.subjects, self._clock.now())
        if emergency is None or rule.action is not None or not rule.for_people:
            return caller
        access.grant_id = emergency.grant_id
        return caller.under_emergency(emergency)

    def _record_answer(self, access: Access, response: Message) -> None:
        others = [one for one in find_subjects(response) if one not in access.subjects]
        if access.written and others:
            # the first row went with the transaction, before it was known that others are in the answer
            access.subjects, access.written = others, False
        else:
            access.add(others)
        self._log.write(access)

    def _record_denial(self, access: Access, denied: DomainError) -> None:
        access.outcome = denied.code
        self._log.write(access)
