-- What always holds of documents, of what carriers were told, and of what was told about both. Each query gives the name
-- of the invariant and a key for every row that breaks it, and nothing otherwise; tests/invariants.py runs them.
-- What the tables themselves refuse (a policy told twice, a document in two places) is not asked again.
-- An event that is missing is asked for during 13 days: the relay drops what it sent 14 days ago.

select 'a PDF is told once, and only once it was made', record_number
from application_pdf
left join (
  select subject, count(*) as events from outbox where type = 'documents.application_pdf.rendered.v1' group by subject
) told on subject = record_number
where events > case when rendered_at is null then 0 else 1 end
  or (events is null and rendered_at > now() - interval '13 days');

select 'a PDF is made once', subject
from audit
where action = 'application_pdf.rendered'
group by subject
having count(*) > 1;

select 'a proof is told once', document_id
from proof_document
left join (
  select convert_from(body, 'UTF8')::jsonb ->> 'documentId' as told_id, count(*) as events
  from outbox
  where type = 'documents.sep_proof.added.v1'
  group by told_id
) told on told_id = document_id
where events > 1 or (events is null and added_at > now() - interval '13 days');

select 'an application has one policy for each kind of coverage', record_number
from submitted_policy
group by record_number, line
having count(*) > 1;

select 'a carrier is told of the enrollment first', later.policy_id
from carrier_transaction later
where maintenance <> 'initial' and not exists (
  select from carrier_transaction first
  where first.policy_id = later.policy_id and first.maintenance = 'initial'
    and first.control_number < later.control_number
);

select 'coverage ends for a carrier on the day that was asked for', policy_id
from carrier_transaction
left join terminated_coverage using (policy_id)
where maintenance = 'termination' and effective_on is distinct from last_day;

select 'a change has more of the contact details than the carrier knew', later.policy_id
from carrier_transaction later
join carrier_transaction earlier using (policy_id)
where later.maintenance = 'change' and earlier.control_number < later.control_number
  and earlier.maintenance in ('initial', 'change') and earlier.contact_change >= later.contact_change
  and later.state not in ('set_aside', 'rejected') and earlier.state not in ('set_aside', 'rejected');

select 'a transaction stands in the group of its plan', control_number::text
from (
  select transaction.control_number, policy.plan_id as chosen, own.plan_id
  from carrier_transaction transaction
  join carrier_group own on own.control_number = group_number
  join submitted_policy policy using (policy_id)
) placed
where left(chosen, 14) <> plan_id;

select 'a control number is given once', control_number::text
from (
  select control_number from carrier_interchange
  union all select control_number from carrier_group
  union all select control_number from carrier_transaction
) given
group by control_number
having count(*) > 1;

select 'a file that is not written yet is finished before the next', carrier
from carrier_interchange
where written_at is null
group by carrier
having count(*) > 1;
