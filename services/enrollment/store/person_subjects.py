"""Store: under which subjects the audits of the suite speak of a person (docs/adr/0046).

A person is known by a client id for each writing number, and by a Social Security number across all of them.
"""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass

from sqlalchemy import select

from chassis.db import Database
from services.enrollment.store.ssn_encryption import SsnEncryption
from services.enrollment.store.tables import ApplicationRow, ClientQuoteRow, ClientRow, PersonRow


@dataclass(frozen=True, slots=True)
class PersonSubjectRepository:
    """Record numbers, ids of clients and of quotes."""

    database: Database
    encryption: SsnEncryption

    def of_record(self, record_number: str) -> list[str]:
        """The record, or whatever else it is the name of, and the quote that an application came from."""
        with self.database.transaction() as session:
            query = select(ApplicationRow.quote_id).where(ApplicationRow.record_number == record_number)
            quote_id = session.scalar(query)
        return [record_number, *([quote_id] if quote_id else [])]

    def of_client(self, client_id: str) -> list[str]:
        """Everything that the person is on, as applicant or otherwise; empty when there is no such client."""
        with self.database.transaction() as session:
            index = session.scalar(select(ClientRow.person_index).where(ClientRow.client_id == client_id))
        return self._of_indexes([index]) if index else []

    def of_ssn(self, ssn: str) -> list[str]:
        """The same of everybody who has given the number, under any writing number. ``ssn``: nine digits."""
        with self.database.transaction() as session:
            query = select(PersonRow.person_index).where(PersonRow.ssn_index == self.encryption.index.of(ssn, "ssn"))
            indexes = {one for one in session.scalars(query) if one}
        return self._of_indexes(indexes) if indexes else []

    def _of_indexes(self, indexes: Collection[str]) -> list[str]:
        with self.database.transaction() as session:
            people = select(PersonRow.record_number).where(PersonRow.person_index.in_(indexes))
            records = session.scalars(people.distinct().order_by(PersonRow.record_number)).all()
            clients = session.scalars(select(ClientRow.client_id).where(ClientRow.person_index.in_(indexes))).all()
            known = select(ClientQuoteRow.quote_id).where(ClientQuoteRow.client_id.in_(clients))
            came = select(ApplicationRow.quote_id).where(ApplicationRow.record_number.in_(records))
            quotes = {one for query in (known, came) for one in session.scalars(query) if one}
        return [*records, *clients, *sorted(quotes)]
