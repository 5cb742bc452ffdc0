"""Rulebook: reads the rule packs beside the domain and validates them, so that a wrong pack stops the process."""

from services.enrollment.rulebook.files import PACKS, BadRulePack, read_scheme
from services.enrollment.rulebook.rulebook import Rulebook, read_rule_pack

__all__ = ["PACKS", "BadRulePack", "Rulebook", "read_rule_pack", "read_scheme"]
