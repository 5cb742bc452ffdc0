-- What always holds of assignments and of the directory. Each query gives the name of the invariant and a key for every
-- row that breaks it, and nothing otherwise; tests/invariants.py runs them.
-- An event that is missing is asked for during 13 days: the relay drops what it sent 14 days ago.

select 'an assignment was decided', record_number
from assignment
where fingerprint = '' or plan_id = '' or members = '[]';

select 'a decision is told once', record_number
from assignment
left join (
  select subject, count(*) as events from outbox where type = 'pcp.assignment.made.v1' group by subject
) told on told.subject = record_number
left join (
  select subject, count(*) as decisions from audit where action = 'pcp.assigned' group by subject
) written on written.subject = record_number
where coalesce(events, 0) > coalesce(decisions, 0)
  or (coalesce(events, 0) < decisions and updated_at > now() - interval '13 days');

select 'a member is decided once', record_number
from assignment, jsonb_array_elements(members) member
group by record_number, member ->> 'member_index'
having count(*) > 1;

select 'one directory is loaded', digest
from directory_load
where (select count(*) from directory_load) > 1;

select 'the only office has no other beside it', pcp_id
from location
group by pcp_id
having bool_or(only_office) and count(*) > 1;
