"""Store of payment: PostgreSQL tables, repositories and migrations. No column takes a card or account number."""

from services.payment.store.tables import PLUMBING, Base
from services.payment.store.work import PaymentWork

__all__ = ["PLUMBING", "Base", "PaymentWork"]
