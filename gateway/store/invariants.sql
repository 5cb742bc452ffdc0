-- What always holds of people, of what they may do and of what they were told. Each query gives the name of the invariant
-- and a key for every row that breaks it, and nothing otherwise; tests/invariants.py runs them.

select 'a person is told once of what happens once', user_id || ' ' || record_number || ' ' || kind
from notifications
where kind in (
  'application.submitted', 'application.cancelled', 'coverage.medical_terminated', 'coverage.dental_terminated',
  'payment.succeeded', 'payment.refund_due', 'payment.overdue'
)
group by user_id, record_number, kind
having count(*) > 1;

select 'nobody is told more often than it was heard', user_id || ' ' || event
from notifications
join (values
  ('application.submitted', 'enrollment.application.submitted.v1'),
  ('application.submission_failed', 'enrollment.application.submission_failed.v1'),
  ('application.cancelled', 'enrollment.application.cancelled.v1'),
  ('coverage.medical_terminated', 'enrollment.coverage.terminated.v1'),
  ('coverage.dental_terminated', 'enrollment.coverage.terminated.v1'),
  ('contact.changed', 'enrollment.contact.changed.v1'),
  ('application.expired', 'enrollment.application.expired.v1'),
  ('payment.succeeded', 'payment.payment.succeeded.v1'),
  ('payment.failed', 'payment.payment.failed.v1'),
  ('payment.refund_due', 'payment.payment.refund_due.v1'),
  ('payment.overdue', 'payment.first_payment.overdue.v1'),
  ('document.failed', 'documents.application_pdf.failed.v1')
) as heard (kind, event) using (kind)
where at > now() - interval '13 days'
group by user_id, event
having sum(applications) > (select count(*) from seen_events where queue = 'gateway.' || event);

select 'only expiries share a notification', notification_id::text
from notifications
where applications < 1 or (applications > 1 and kind <> 'application.expired');

select 'a delegate has leave of a producer', delegate_id || ' ' || number
from delegations
join users delegate on delegate.user_id = delegate_id
join writing_numbers using (number)
join users producer on producer.user_id = writing_numbers.user_id
where delegate.role <> 'delegate' or producer.role <> 'producer';

select 'leave that was revoked is gone', delegations.delegate_id || ' ' || delegations.number
from delegations
where 'revoked' = (
  select kind from delegation_changes change
  where change.delegate_id = delegations.delegate_id and change.number = delegations.number
  order by change_id desc limit 1
);

select 'leave begins before it ends', delegate_id || ' ' || number
from delegations
where ends_at <= starts_at;

select 'a member of an agency is a producer', user_id
from agency_members
join users using (user_id)
where role <> 'producer';

select 'nobody stands above himself', user_id
from (
  with recursive above (user_id, upline_id) as (
    select user_id, upline_id from agency_members
    union
    select above.user_id, member.upline_id from above join agency_members member on member.user_id = above.upline_id
  )
  select user_id from above where upline_id = user_id
) as circular;

select 'who signs in at the organization has neither password nor second factor', user_id
from organization_accounts
join users using (user_id)
where password_hash is not null
  or exists (select from second_factors factor where factor.user_id = users.user_id)
  or exists (select from password_links link where link.user_id = users.user_id);
