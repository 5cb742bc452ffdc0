"""Contract of quote: ``suite.quote.v1.QuoteService``, implemented once for both doors."""

from services.quote.contract.quote_contract import QuoteContract
from services.quote.contract.quote_offers import Outside

__all__ = ["Outside", "QuoteContract"]
