-- What always holds of assignments and of the directory. Each query gives the name of the invariant and a key for every
-- row that breaks it, and nothing otherwise; tests/invariants.py runs them.
-- An event that is missing is asked for during 13 days: the relay drops what it sent 14 days ago.

select 'an assignment was decided', record_number
from assignment
where fingerprint = '' or plan_id = '' or members = '[]';

select 'a decision is told once', record_number
from assignment
left join lateral (
  select count(*) as events from outbox
  where subject = record_number and type = 'pcp.assignment.made.v1'
) told on true
left join lateral (
  select count(*) as decisions from audit where subject = record_number and action = 'pcp.assigned'
) written on true
where events > decisions or (events < decisions and updated_at > now() - interval '13 days');

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
