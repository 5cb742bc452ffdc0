"""Store of payment: PostgreSQL tables, repositories and migrations. No column takes a card or account number."""

from services.payment.store.tables import INFRASTRUCTURE, Base
from services.payment.store.work import UnitOfWork

__all__ = ["INFRASTRUCTURE", "Base", "UnitOfWork"]
