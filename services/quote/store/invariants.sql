-- What always holds of quotes and of what was told about them. Each query gives the name of the invariant and a key for
-- every row that breaks it, and nothing otherwise; tests/invariants.py runs them.
-- An event that is missing is asked for during 13 days: the relay drops what it sent 14 days ago.

select 'a quote is told once', quote_id
from quote
left join (
  select subject, count(*) as events from outbox where type = 'quote.quote.created.v1' group by subject
) told on subject = quote_id
where events > 1 or (events is null and created_at > now() - interval '13 days');

select 'an expired quote is told once, and no other is', quote_id
from quote
left join (
  select subject, count(*) as events from outbox where type = 'quote.quote.expired.v1' group by subject
) told on subject = quote_id
where events > case when expired_at is null then 0 else 1 end
  or (events is null and expired_at > now() - interval '13 days');

select 'members stand at 0, 1, 2, ...', quote_id
from quote_member
group by quote_id
having min(position) <> 0 or max(position) <> count(*) - 1;

select 'a quote has people', quote_id
from quote
where not exists (select from quote_member where quote_member.quote_id = quote.quote_id);

select 'a premium is of the plan that was chosen', quote_id || ' ' || coverage
from quote_premium
join quote using (quote_id)
where plan_id is distinct from case coverage when 'medical' then medical_plan_id else dental_plan_id end;

select 'a premium has a line for each member', quote_id || ' ' || coverage
from quote_premium
where jsonb_array_length(lines) <> (
  select count(*) from quote_member where quote_member.quote_id = quote_premium.quote_id
);

select 'a share link was made before it ends', link_id
from share_link
where expires_at <= created_at or revoked_at < created_at;
