"""Use case: send the proposal of a quote by email."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field, replace

from chassis.contact_points import Phone, is_email
from chassis.kernel import CallerKind, Clock, Command, InvalidInput, Transactions, put_first_name_first
from services.quote.domain.events import QuoteDelivered
from services.quote.domain.proposal_message import ENGLISH, MESSAGES
from services.quote.domain.quote import Quote
from services.quote.domain.sharing import DEFAULT_DAYS, ShareLink
from services.quote.usecases.create_share_link import add_link
from services.quote.usecases.ports import EmailMessage, Mailer, ProposalPdfs, QuoteUnitOfWork

OPERATION = "DeliverQuote"


@dataclass(frozen=True, slots=True)
class QuoteDelivery:
    """``email`` goes into the one message: into no log, no event and no table."""

    quote_id: str
    command: Command
    email: str = field(repr=False)
    # The client's, for message, proposal and link: a key of MESSAGES.
    language: str = ENGLISH


@dataclass(frozen=True, slots=True)
class DeliverQuote:
    """Publishes QuoteDelivered. The message leaves before the transaction ends: a repeated call sends nothing again,
    unless the process ended in between.
    """

    transactions: Transactions[QuoteUnitOfWork]
    proposals: ProposalPdfs
    mailer: Mailer
    make_share_url: Callable[[ShareLink], str]
    clock: Clock

    def __call__(self, delivery: QuoteDelivery) -> ShareLink:
        """Raises InvalidInput at ``email``, NotReady while there is no proposal, Unavailable when sending fails."""
        # The contract has its pattern and length; this is what no pattern tells, such as two dots in a row.
        if not is_email(delivery.email):
            raise InvalidInput.at("email", "Check the email address, such as name@example.com.")
        self.mailer.must_be_ready()
        caller = delivery.command.caller
        with self.transactions() as work:
            quote = work.quotes.get(delivery.quote_id, caller)
        number = caller.writing_number(quote.producer.writing_number).number
        contact = caller.subject if caller.kind is CallerKind.PRODUCER else ""
        pdf = self.proposals.pdf(delivery.quote_id, contact, delivery.language)
        with self.transactions() as work:
            link = add_link(work, delivery.quote_id, 0, delivery.command, self.clock)
            now = self.clock.now()
            if not work.share_links.delivered(link.link_id, now):
                return link
            work.publish_event(QuoteDelivered(quote.quote_id, quote.state, number, link.link_id))
            work.record_audit(now, caller.subject, quote.quote_id, "quote.delivered", "Proposal sent by email.", number)
            self.mailer.send(self._compose_message(delivery, quote, link, pdf, contact))
        return replace(link, delivered_at=now)

    def _compose_message(
        self, delivery: QuoteDelivery, quote: Quote, link: ShareLink, pdf: bytes, contact: str
    ) -> EmailMessage:
        words = MESSAGES[delivery.language]
        url = f"{self.make_share_url(link)}?lang={delivery.language}"
        producer = quote.producer
        name = put_first_name_first(producer.name)
        phone = str(Phone(producer.phone)) if producer.phone else ""
        agency = "" if producer.company_name == producer.name else producer.company_name
        lines = (
            words.greeting,
            words.attached,
            url,
            words.link.format(days=DEFAULT_DAYS),
            words.questions,
            "\n".join(filter(None, (name, agency, contact, phone))),
        )
        return EmailMessage(delivery.email, words.subject, "\n\n".join(lines), words.file_name, pdf)
