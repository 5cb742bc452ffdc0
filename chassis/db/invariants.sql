-- What always holds of the tables that every service has. Each query gives the name of the invariant and a key for every
-- row that breaks it, and nothing otherwise; tests/invariants.py runs them.

select 'events of one subject leave in the order written', later.event_id
from outbox later
join outbox earlier on earlier.subject = later.subject and earlier.id < later.id
where later.sent_at is not null and (earlier.sent_at is null or earlier.sent_at > later.sent_at);

select 'an event that was sent was tried', event_id
from outbox
where sent_at is not null and attempts = 0;

select 'a command that was done has its answer', operation || ' ' || key
from idempotency
where result = '';
