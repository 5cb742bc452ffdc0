"""For each invariant a change that breaks it, on the rows of one application that was submitted, paid and printed."""

from __future__ import annotations

REPEATED_EVENT = """
insert into outbox (event_id, type, subject, body, headers, sent_at, attempts)
select event_id || '-repeated', type, subject, body, headers, clock_timestamp(), 1 from outbox where type = '{}' limit 1
"""
REPEATED_LINE = """
insert into audit (at, actor, subject, action) select at, actor, subject, action from audit where action = '{}' limit 1
"""
_ENDED = """
update application set terminations = '[
  {{"coverage": "{coverage}", "requested_on": "2026-01-01", "last_day": "{last_day}"}}
]'
where status = 'submitted'
"""
_POLICY = """
insert into submitted_policy (
  policy_id, subscriber_id, record_number, writing_number, issuer_id, plan_id, line, premium_cents, submitted_on,
  begins_on
) values ('P', 'S', 'A-9', '1', '36096', '36096IL0810052', 'medical', 1, now(), now());
insert into carrier_interchange (control_number, carrier, day, at) values (9001, 'c', now(), now());
insert into carrier_group (control_number, interchange, plan_id) values (9002, 9001, '36096IL0810052');
"""
_TRANSACTION = """
insert into carrier_transaction (
  control_number, group_number, policy_id, maintenance, reason, contact_change, state, why
) values ({}, 9002, 'P', '{}', '', 0, 'sent', '');
"""
_PROOF = """
insert into proof_document (
  document_id, record_number, writing_number, number, kind, media_type, size, sha256, pages, added_at, added_by, content
) values ('D', 'A-9', '1', 1, 'k', 'm', 1, 's', 1, now(), 'p', 'content')
"""
_MANDATE = """
insert into autopay_mandate (
  record_number, bank_token, last_four, account_type, holder, agreed_at, cancelled_by
) select record_number, '{}', '', '', '', now(), '' from payment
on conflict do nothing;
"""
_FEED = """
insert into outbox (event_id, type, subject, body, headers) values ('first', 't', 's', '', '{{}}');
insert into outbox (event_id, type, subject, body, headers) values ('second', 't', 's', '', '{{}}');
insert into feed (name, event_types, last_sequence) values ('broken', '{{}}', {0} + {1} - 1);
insert into feed_event (feed, sequence, outbox_id) select 'broken', {0}, id from outbox where event_id = 'first';
insert into feed_event (feed, sequence, outbox_id) select 'broken', {1}, id from outbox where event_id = 'second';
"""

SHARED = {
    "events of one subject leave in the order written": """
        insert into outbox (event_id, type, subject, body, headers) values ('first', 't', 's', '', '{}');
        insert into outbox (event_id, type, subject, body, headers, sent_at, attempts)
        values ('second', 't', 's', '', '{}', now(), 1)
    """,
    "an event that was sent was tried": """
        insert into outbox (event_id, type, subject, body, headers, sent_at) values ('e', 't', 's', '', '{}', now())
    """,
    "a command that was done has its answer": """
        insert into idempotency (principal, operation, key, fingerprint, result) values ('p', 'o', 'k', 'f', '')
    """,
    "the numbers of a feed have no gap": _FEED.format(1, 3),
    "a feed has the events of one subject in the order written": _FEED.format(2, 1),
}
ENROLLMENT = {
    "a record number is its number": "update application set number = number + 1000000",
    "no number is above the last one given": "update counter set last = 0",
    "a started application is told once": REPEATED_EVENT.format("enrollment.application.started.v1"),
    "a submitted application is told once, and no other is": REPEATED_EVENT.format(
        "enrollment.application.submitted.v1"
    ),
    "a cancelled application is told once, and no other is": """
        update application set status = 'cancelled', cancellation = jsonb_build_object('cancelled_on', current_date)
        where status = 'submitted'
    """,
    "a termination is told once for each plan": _ENDED.format(coverage="medical", last_day="2026-12-31"),
    "a change of contact details is told once": """
        update application set contact_change = jsonb_build_object('number', 1, 'changed_on', current_date)
        where status = 'submitted'
    """,
    "each submission has one outcome in the timeline": REPEATED_LINE.format("application.submitted"),
    "the timeline tells once what happens once": REPEATED_LINE.format("document.rendered"),
    "a client is told of once": REPEATED_EVENT.format("enrollment.client.created.v1"),
    "a cancelled application says by whom, and no other does": "update application set cancellation = '{}'",
    "what was sent expires no more, and all else does": """
        update application set expires_on = current_date where status = 'submitted'
    """,
    "what was sent has a date, a price, a payment and no failure": """
        update application set payment_status = null where status = 'submitted'
    """,
    "what is being submitted was asked for": """
        update application set status = 'submitting', requested_at = null where status = 'submitted'
    """,
    "a failed submission says why": "update application set status = 'failed' where status = 'submitted'",
    "a payment ends as cancelled with its application alone": """
        update application set payment_status = 'refund_due' where status = 'submitted'
    """,
    "a coverage is terminated once, under a plan of a submitted application": """
        update application set terminations = '[{"coverage": "dental"}, {"coverage": "dental"}]'
        where status = 'submitted'
    """,
    "coverage that is terminated has begun and ends in its plan year": _ENDED.format(
        coverage="medical", last_day="1999-12-31"
    ),
    "contact details change after submission alone": """
        update application set status = 'incomplete', contact_change = '{"number": 1}' where status = 'submitted'
    """,
    "the premium is the sum of the plans": "update application set premium_cents = premium_cents + 1",
    "a plan's premium is the sum of its people": """
        update application set plan_lines = jsonb_set(plan_lines, '{0,monthly_premium,cents}', '1')
        where status = 'submitted'
    """,
    "people stand at 0, 1, 2, ...": "update person set position = position + 1",
    "the primary applicant stands first, alone": "update person set relationship = 'self'",
    "what was sent has people": "delete from person",
    "a number is sealed whole": "update person set ssn_index = 'index', ssn = null",
}
PAYMENT = {
    "the months add up to the amount": "update payment set amount_cents = amount_cents + 1",
    "a payment is opened once": REPEATED_LINE.format("payment.opened"),
    "a payment that was made is told once, and no other is": REPEATED_EVENT.format("payment.payment.succeeded.v1"),
    "what ends a payment is told once": """
        insert into outbox (event_id, type, subject, body, headers)
        select n::text, 'payment.payment.cancelled.v1', 'A-9', '', '{}' from generate_series(1, 2) n
    """,
    "a payment ends as cancelled with its application alone": "update payment set closed = true",
    "a payment is made by an approved attempt of its amount": "update attempt set amount_cents = amount_cents + 1",
    "a payment under way has an attempt": "update payment set status = 'pending', attempt_id = 'none'",
    "an attempt was sent before it was answered": "update attempt set sent_at = null",
    "an approval that was processed reached its attempt": "update attempt set status = 'sent'",
    "autopay has an account until it is cancelled": _MANDATE.format(""),
    "autopay is of a payment that was made": _MANDATE.format("token") + "update payment set status = 'failed'",
}
PCP = {
    "an assignment was decided": "insert into assignment values ('A-9', '', 0, '', '[]', now())",
    "a decision is told once": REPEATED_EVENT.format("pcp.assignment.made.v1"),
    "a member is decided once": "update assignment set members = members || members",
    "one directory is loaded": """
        insert into directory_load (digest, providers, imported) values ('a', 0, false), ('b', 0, false)
    """,
    "the only office has no other beside it": """
        insert into location select (jsonb_populate_record(one, '{"place": 99, "only_office": true}')).*
        from location one limit 1
    """,
}
QUOTE = {
    "a quote is told once": REPEATED_EVENT.format("quote.quote.created.v1"),
    "an expired quote is told once, and no other is": "update quote set expired_at = now()",
    "members stand at 0, 1, 2, ...": "update quote_member set position = position + 100",
    "a quote has people": "delete from quote_member",
    "a premium is of the plan that was chosen": "update quote_premium set plan_id = 'another'",
    "a premium has a line for each member": "update quote_premium set lines = '[]'",
    "a share link was made before it ends": """
        insert into share_link select 'link', quote_id, now(), now() - interval '1 day' from quote limit 1
    """,
}
DOCUMENTS = {
    "a PDF is told once, and only once it was made": REPEATED_EVENT.format("documents.application_pdf.rendered.v1"),
    "a PDF is made once": REPEATED_LINE.format("application_pdf.rendered"),
    "a proof is told once": _PROOF,
    "an application has one policy for each kind of coverage": """
        update submitted_policy set line = 'medical'
    """,
    "a carrier is told of the enrollment first": _POLICY
    + _TRANSACTION.format(9003, "termination")
    + _TRANSACTION.format(9004, "initial"),
    "coverage ends for a carrier on the day that was asked for": _POLICY
    + _TRANSACTION.format(9003, "initial")
    + _TRANSACTION.format(9004, "termination")
    + "insert into terminated_coverage values ('P', now(), now(), 'moved')",
    "a change has more of the contact details than the carrier knew": _POLICY
    + _TRANSACTION.format(9003, "initial")
    + _TRANSACTION.format(9004, "change"),
    "a transaction stands in the group of its plan": _POLICY
    + _TRANSACTION.format(9003, "initial")
    + "update carrier_group set plan_id = 'another' where control_number = 9002",
    "a control number is given once": _POLICY + _TRANSACTION.format(9001, "initial"),
    "a file that is not written yet is finished before the next": """
        insert into carrier_interchange (control_number, carrier, day, at)
        values (9001, 'c', current_date, now()), (9002, 'c', current_date + 1, now())
    """,
}
GATEWAY = {
    "a person is told once of what happens once": """
        insert into notifications (user_id, kind, record_number, at)
        select user_id, 'application.submitted', 'A-9', now() from users, generate_series(1, 2)
    """,
    "nobody is told more often than it was heard": """
        delete from seen_events where queue = 'gateway.enrollment.application.submitted.v1'
    """,
    "only expiries share a notification": "update notifications set applications = 2",
    "a delegate has leave of a producer": "update users set role = 'producer'",
    "leave that was revoked is gone": """
        insert into delegation_changes (at, producer_id, delegate_id, number, kind, actions)
        select now(), delegate_id, delegate_id, number, 'revoked', actions from delegations
    """,
    "leave begins before it ends": "update delegations set starts_at = now(), ends_at = now()",
    "a member of an agency is a producer": """
        delete from agency_members;
        insert into agencies (agency_id, name) values ('g', 'Agency');
        insert into agency_members (user_id, agency_id) select user_id, 'g' from users where role = 'delegate'
    """,
    "nobody stands above himself": """
        delete from agency_members;
        insert into agencies (agency_id, name) values ('g', 'Agency');
        insert into agency_members (user_id, agency_id, upline_id)
        select user_id, 'g', (select max(user_id) from users where role = 'producer' and user_id <> own.user_id)
        from users own where role = 'producer'
    """,
    "who signs in at the organization has neither password nor second factor": """
        insert into organization_accounts (user_id) select user_id from users where password_hash is not null limit 1
    """,
}
BREAKS = {
    "quote": SHARED | QUOTE,
    "enrollment": SHARED | ENROLLMENT,
    "pcp": SHARED | PCP,
    "payment": SHARED | PAYMENT,
    "documents": SHARED | DOCUMENTS,
    "gateway": GATEWAY,
}
