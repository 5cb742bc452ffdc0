-- What always holds of payments and of what was told about them. Each query gives the name of the invariant and a key
-- for every row that breaks it, and nothing otherwise; tests/invariants.py runs them.
-- An event that is missing is asked for during 13 days: the relay drops what it sent 14 days ago.

select 'the months add up to the amount', record_number
from payment
where months <> '[]'
  and amount_cents <> (select sum((month ->> 1)::bigint) from jsonb_array_elements(months) month);

select 'a payment is opened once', subject
from audit
where action = 'payment.opened'
group by subject
having count(*) > 1;

select 'a payment that was made is told once, and no other is', record_number
from payment
left join (
  select subject, count(*) as events from outbox where type = 'payment.payment.succeeded.v1' group by subject
) told on subject = record_number
where events > case when status in ('successful', 'refund_due') then 1 else 0 end
  or (events is null and status = 'successful' and updated_at > now() - interval '13 days');

select 'what ends a payment is told once', subject || ' ' || type
from outbox
where type in ('payment.payment.cancelled.v1', 'payment.payment.refund_due.v1', 'payment.first_payment.overdue.v1',
  'payment.autopay.authorized.v1', 'payment.autopay.cancelled.v1')
group by subject, type
having count(*) > 1;

select 'a payment ends as cancelled with its application alone', record_number
from payment
where (status in ('cancelled', 'refund_due') and not closed)
  or (closed and status not in ('cancelled', 'refund_due', 'pending'));

select 'a payment is made by an approved attempt of its amount', record_number
from payment
where status in ('successful', 'refund_due') and not exists (
  select from attempt
  where id = attempt_id and attempt.record_number = payment.record_number and attempt.status = 'approved'
    and attempt.amount_cents = payment.amount_cents and attempt.confirmation_number = payment.confirmation_number
);

select 'a payment under way has an attempt', record_number
from payment
where status = 'pending'
  and not exists (select from attempt where id = attempt_id and attempt.record_number = payment.record_number);

select 'an attempt was sent before it was answered', id
from attempt
where status <> 'draft' and sent_at is null;

select 'an approval that was processed reached its attempt', callback.id
from callback
join attempt on attempt.id = callback.attempt_id
where processed_at is not null and answer = 'approved' and attempt.status not in ('approved', 'mismatched');

select 'autopay has an account until it is cancelled', record_number
from autopay_mandate
where (bank_token = '') <> (cancelled_at is not null);

select 'autopay is of a payment that was made', record_number
from autopay_mandate
join payment using (record_number)
where status not in ('successful', 'refund_due');
