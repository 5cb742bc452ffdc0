-- What always holds of applications and of what was told about them. Each query gives the name of the invariant and a
-- key for every row that breaks it, and nothing otherwise; tests/invariants.py runs them.
-- Events are counted for all applications at once: a look for each reads the whole outbox as often as there are any.
-- An event that is missing is asked for during 13 days: the relay drops what it sent 14 days ago.

select 'a record number is its number', record_number
from application
where record_number <> 'A-' || lpad(number::text, greatest(4, length(number::text)), '0');

select 'no number is above the last one given', application.record_number
from application, counter
where application.number > counter.last;

select 'a started application is told once', subject
from outbox
where type = 'enrollment.application.started.v1'
group by subject
having count(*) > 1;

select 'a submitted application is told once, and no other is', record_number
from application
left join (
  select subject, count(*) as events from outbox where type = 'enrollment.application.submitted.v1' group by subject
) told on subject = record_number
where events > case when status in ('submitted', 'cancelled') then 1 else 0 end
  or (events is null and status in ('submitted', 'cancelled') and submitted_on > current_date - 13);

select 'a cancelled application is told once, and no other is', record_number
from application
left join (
  select subject, count(*) as events from outbox where type = 'enrollment.application.cancelled.v1' group by subject
) told on subject = record_number
where events > case when status = 'cancelled' then 1 else 0 end
  or (events is null and status = 'cancelled' and (cancellation ->> 'cancelled_on')::date > current_date - 13);

select 'a termination is told once for each plan', record_number
from application
left join (
  select subject, count(*) as events, count(distinct convert_from(body, 'UTF8')::jsonb ->> 'coverage') as coverages
  from outbox
  where type = 'enrollment.coverage.terminated.v1'
  group by subject
) told on subject = record_number
where events <> coverages
  or events > jsonb_array_length(terminations)
  or (coalesce(events, 0) < jsonb_array_length(terminations) and updated_at > now() - interval '13 days');

select 'a change of contact details is told once', record_number
from application
left join (
  select subject, count(*) as events, count(distinct convert_from(body, 'UTF8')::jsonb ->> 'change') as changes
  from outbox
  where type = 'enrollment.contact.changed.v1'
  group by subject
) told on subject = record_number
where events <> changes
  or events > coalesce((contact_change ->> 'number')::int, 0)
  or (events is null and (contact_change ->> 'changed_on')::date > current_date - 13);

select 'each submission has one outcome in the timeline', record_number
from application
left join (
  select subject, count(*) as outcomes from audit
  where action in ('application.submitted', 'submission.failed')
  group by subject
) written on subject = record_number
where coalesce(outcomes, 0) <> attempt - case when status = 'submitting' then 1 else 0 end;

select 'the timeline tells once what happens once', subject || ' ' || action
from audit
where action in (
  'application.started', 'application.submitted', 'application.cancelled', 'application.expired', 'document.rendered',
  'payment.successful', 'payment.cancelled', 'payment.refund_due', 'autopay.authorized', 'autopay.cancelled'
)
group by subject, action
having count(*) > 1;

select 'a client is told of once', subject
from outbox
where type = 'enrollment.client.created.v1'
group by subject
having count(*) > 1;

select 'a cancelled application says by whom, and no other does', record_number
from application
where (status = 'cancelled') <> (cancellation is not null);

select 'what was sent expires no more, and all else does', record_number
from application
where (status in ('submitted', 'cancelled')) <> (expires_on is null);

select 'what was sent has a date, a price, a payment and no failure', record_number
from application
where status in ('submitted', 'cancelled') and (
  submitted_on is null or start is null or plan_lines = '[]' or opened_months = '[]' or payment_status is null
  or failures <> '[]' or awaits_client
);

select 'what is being submitted was asked for', record_number
from application
where status = 'submitting' and (attempt = 0 or requested_at is null or failures <> '[]');

select 'a failed submission says why', record_number
from application
where status = 'failed' and failures = '[]';

select 'a payment ends as cancelled with its application alone', record_number
from application
where payment_status in ('cancelled', 'refund_due') and status <> 'cancelled';

select 'a coverage is terminated once, under a plan of a submitted application', record_number
from application, jsonb_array_elements(terminations) termination
where status <> 'submitted' or not exists (
  select from jsonb_array_elements(plan_lines) line where line ->> 'coverage' = termination ->> 'coverage'
)
union
select 'a coverage is terminated once, under a plan of a submitted application', record_number
from application, jsonb_array_elements(terminations) termination
group by record_number, termination ->> 'coverage'
having count(*) > 1;

-- or in the next one, where the first payment reaches into it
select 'coverage that is terminated has begun and ends in its plan year', record_number
from application, jsonb_array_elements(terminations) termination
where (termination ->> 'requested_on')::date < effective_date
  or (termination ->> 'last_day')::date < effective_date
  or date_part('year', (termination ->> 'last_day')::date) > greatest(
    date_part('year', effective_date),
    (select max(left(due ->> 'month', 4)::int) from jsonb_array_elements(opened_months) due)
  );

select 'contact details change after submission alone', record_number
from application
where contact_change is not null and status not in ('submitted', 'cancelled');

select 'the premium is the sum of the plans', record_number
from application
where premium_cents is distinct from (
  select sum((line #>> '{monthly_premium,cents}')::bigint) from jsonb_array_elements(plan_lines) line
);

select 'a plan''s premium is the sum of its people', record_number
from application, jsonb_array_elements(plan_lines) line
where (line #>> '{monthly_premium,cents}')::bigint <> (
  select sum((member #>> '{monthly_premium,cents}')::bigint) from jsonb_array_elements(line -> 'members') member
);

select 'people stand at 0, 1, 2, ...', record_number
from person
group by record_number
having min(position) <> 0 or max(position) <> count(*) - 1 or count(distinct position) <> count(*);

select 'the primary applicant stands first, alone', record_number
from person
where (relationship = 'self') <> (position = 0);

select 'what was sent has people', record_number
from application
where status in ('submitting', 'submitted', 'cancelled')
  and not exists (select from person where person.record_number = application.record_number);

select 'a number is sealed whole', person_id
from person
where (ssn is null) <> (ssn_index is null) or (ssn is null) <> (ssn_last_four = '');
