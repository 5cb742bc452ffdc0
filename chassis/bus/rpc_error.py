"""A refusal on its way over the bus."""

from __future__ import annotations

import sys
from types import ModuleType

from nameko.exceptions import deserialize_to_instance

from chassis.error_mapping import mapping_of, rebuild_error
from chassis.kernel import DomainError, Problem

# nameko's error reply names the class by its module. The name is part of the protocol between processes of different
# releases (an unknown one is Unavailable to the caller), so it stays whatever the file is called.
_MODULE_ON_THE_WIRE = "chassis.bus.fault"
sys.modules.setdefault(_MODULE_ON_THE_WIRE, ModuleType(_MODULE_ON_THE_WIRE))


@deserialize_to_instance
class RemoteFault(Exception):
    """Carries a DomainError through nameko's error reply: kind, code, message, problems; nothing else gets out."""

    __module__ = _MODULE_ON_THE_WIRE

    def __init__(self, kind: str, code: str, message: str, problems: list[list[str]]) -> None:
        super().__init__(kind, code, message, problems)
        self.kind, self.code, self.message, self.problems = kind, code, message, problems

    @classmethod
    def of(cls, error: DomainError) -> RemoteFault:
        problems = [[p.field, p.message, p.rule] for p in error.problems]
        return cls(mapping_of(error).error.__name__, error.code, error.message, problems)

    def rebuild(self) -> DomainError:
        return rebuild_error(self.kind, self.code, self.message, tuple(Problem(*problem) for problem in self.problems))
