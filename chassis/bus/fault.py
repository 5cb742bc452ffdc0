"""A refusal on its way over the bus."""

from __future__ import annotations

from nameko.exceptions import deserialize_to_instance

from chassis.faults import fault_of, rebuild
from chassis.kernel import DomainError, Problem


@deserialize_to_instance
class RemoteFault(Exception):
    """Carries a DomainError through nameko's error reply: kind, code, message, problems; nothing else gets out."""

    def __init__(self, kind: str, code: str, message: str, problems: list[list[str]]) -> None:
        super().__init__(kind, code, message, problems)
        self.kind, self.code, self.message, self.problems = kind, code, message, problems

    @classmethod
    def of(cls, error: DomainError) -> RemoteFault:
        problems = [[p.field, p.message, p.rule] for p in error.problems]
        return cls(fault_of(error).error.__name__, error.code, error.message, problems)

    def rebuild(self) -> DomainError:
        return rebuild(self.kind, self.code, self.message, tuple(Problem(*problem) for problem in self.problems))
