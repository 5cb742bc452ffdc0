"""Rulebook: all rule packs, by day and by version."""

from __future__ import annotations

from datetime import date
from functools import cached_property, partial
from pathlib import Path

from pydantic import ValidationError

from services.enrollment.domain.rule_pack import RulePack
from services.enrollment.rulebook.carrier_options import apply_carrier_options
from services.enrollment.rulebook.files import (
    PACKS,
    BadRulePack,
    load_with_parts,
    pack_files,
    read_scheme,
    refuse_unread_files,
)
from services.enrollment.rulebook.shapes import PackShape


class Rulebook:
    """All rule packs; the older ones are kept for the applications that they judged.

    ``laid_over``: the operator's folder with newer parts and packs (``files``).
    """

    def __init__(self, folder: Path = PACKS, laid_over: Path | None = None) -> None:
        self._folder, self._laid_over = folder, laid_over

    @cached_property
    def packs(self) -> list[RulePack]:
        """The oldest first."""
        files = pack_files(self._folder, self._laid_over)
        refuse_unread_files(files, self._laid_over)
        packs = sorted((read_rule_pack(path, self._laid_over) for path in files), key=lambda pack: pack.valid_from)
        for name in ("version", "valid_from"):
            if len({getattr(pack, name) for pack in packs}) < len(packs):
                raise BadRulePack(f"{self._folder}: two packs have the same {name}")
        if not packs:
            raise BadRulePack(f"{self._folder} holds no rule pack")
        return packs

    def loaded(self) -> Rulebook:
        """Reads the packs now, so that a wrong one stops the process at its start."""
        assert self.packs
        return self

    def on(self, day: date) -> RulePack:
        """The pack for an application that is started on a day; before the first pack, the first."""
        return [pack for pack in self.packs if pack.valid_from <= day or pack is self.packs[0]][-1]

    def version(self, version: str) -> RulePack:
        """Raises LookupError for a version that this release does not have."""
        for pack in self.packs:
            if pack.version == version:
                return pack
        raise LookupError(f"There is no rule pack {version}.")


def read_rule_pack(path: Path, laid_over: Path | None = None) -> RulePack:
    """One pack with its parts. Raises BadRulePack that names every wrong place."""
    try:
        written = apply_carrier_options(load_with_parts(path, laid_over))
        return PackShape.model_validate(written).to_domain(partial(read_scheme, pack=path))
    except ValidationError as error:
        places = [f"{'.'.join(map(str, one['loc'])) or 'the whole'}: {one['msg']}" for one in error.errors()]
        raise BadRulePack("\n  ".join([f"{path} is no rule pack:", *places])) from None
