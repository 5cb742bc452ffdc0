"""Drafts of forms: what a person typed, and what was said about it, kept on the server (docs/adr/0028).

A page answers a POST with a redirect; what was typed waits here until the next page shows it, so that the back button,
a reload, a mistake and a session that ended lose nothing.
"""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta

from chassis.crypto import DecryptionFailed, FieldCipher, LocalKey, derive_key
from chassis.kernel import Clock, Problem, Stale
from gateway.store import form_drafts
from gateway.store.database import GatewayDatabase
from gateway.store.form_drafts import DraftRow
from gateway.user import User

# Somebody on leave finds the work again; after that, names and birth dates are not kept for nothing.
DRAFTS_KEPT = timedelta(days=30)
_PURPOSE = "form drafts"

Fields = Mapping[str, Sequence[str]]


@dataclass(frozen=True, slots=True)
class FormDraft:
    """``fields``: each field's texts as they were typed, several for a field with several choices.

    ``problems``: what was wrong with them when they were last judged; ``message``: the same as one sentence, empty when
    nothing was. ``version`` counts the saves.
    """

    form: str
    fields: Fields
    version: int
    saved_at: datetime
    problems: tuple[Problem, ...] = field(default=())
    message: str = ""

    def text(self, name: str) -> str:
        """The first text of a field; empty for a field that was not sent."""
        texts = self.fields.get(name, ())
        return texts[0] if texts else ""


@dataclass(frozen=True, slots=True)
class FormDrafts:
    """Each person's drafts. ``clock`` is the business clock: pages say when a draft was kept."""

    database: GatewayDatabase
    clock: Clock
    cipher: FieldCipher

    @classmethod
    def with_key(cls, database: GatewayDatabase, clock: Clock, identity_key: str) -> FormDrafts:
        """``identity_key``: the gateway's private JWK. After it was changed, the drafts of before are gone."""
        keys = LocalKey(derive_key(identity_key, _PURPOSE))
        return cls(database, clock, FieldCipher(keys, "form_drafts", "sealed"))

    async def load(self, user: User, form: str) -> FormDraft | None:
        """The person's draft of a form; None when there is none, or it is too old."""
        async with self.database.autocommit_read() as connection:
            found = await form_drafts.find_draft(connection, user.user_id, form)
        return self._open(user, found) if found else None

    async def save(
        self,
        user: User,
        form: str,
        fields: Fields,
        *,
        problems: Sequence[Problem] = (),
        message: str = "",
        version: int | None = None,
    ) -> int:
        """Keep what was typed; the draft's new version.

        ``version``: the one that was read, 0 for none; Stale when the draft was saved since, as from another
        tab; a draft that is gone by now is made anew. Without it the last save wins.
        """
        content = {
            "fields": {name: list(texts) for name, texts in fields.items()},
            "problems": [[p.field, p.message, p.rule] for p in problems],
            "message": message,
        }
        sealed = self.cipher.seal(json.dumps(content).encode(), _row(user, form))
        async with self.database.transaction() as connection:
            saved = await form_drafts.put_draft(connection, user.user_id, form, sealed, self.clock.now(), version)
        if saved is None:
            raise Stale("This form was changed in another tab or window.")
        return saved

    async def delete(self, user: User, form: str) -> None:
        """Drop a draft; nothing happens when there is none."""
        async with self.database.transaction() as connection:
            await form_drafts.delete_draft(connection, user.user_id, form)

    async def keep_newest(self, user: User, prefix: str, keep: int) -> None:
        """Drop the person's drafts of the forms that begin with ``prefix``, but for the last saved ones."""
        async with self.database.transaction() as connection:
            await form_drafts.keep_newest_drafts(connection, user.user_id, prefix, keep)

    async def prune(self) -> None:
        """Drop the drafts that are too old to be shown."""
        async with self.database.transaction() as connection:
            await form_drafts.prune_drafts(connection, self.clock.now() - DRAFTS_KEPT)

    def _open(self, user: User, draft: DraftRow) -> FormDraft | None:
        if draft.saved_at < self.clock.now() - DRAFTS_KEPT:
            return None
        try:
            content = json.loads(self.cipher.open(draft.sealed, _row(user, draft.form)))
        except DecryptionFailed:  # the key was changed since
            return None
        problems = tuple(Problem(*problem) for problem in content["problems"])
        return FormDraft(draft.form, content["fields"], draft.version, draft.saved_at, problems, content["message"])


def _row(user: User, form: str) -> str:
    return f"{user.user_id}/{form}"
