"""Rulebook: reads the rule packs beside the domain and validates them, so that a wrong pack stops the process."""

from services.enrollment.rulebook.book import Rulebook, read
from services.enrollment.rulebook.files import PACKS, BadRulePack, read_scheme

__all__ = ["PACKS", "BadRulePack", "Rulebook", "read", "read_scheme"]
