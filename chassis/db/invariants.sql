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

select 'the numbers of a feed have no gap', feed.name
from feed
join feed_event on feed_event.feed = feed.name
group by feed.name, feed.last_sequence
having max(sequence) <> feed.last_sequence or max(sequence) - min(sequence) + 1 <> count(*);

select 'a feed has the events of one subject in the order written', later.feed || ' ' || later.sequence
from feed_event later
join outbox later_event on later_event.id = later.outbox_id
join outbox earlier_event on earlier_event.subject = later_event.subject and earlier_event.id < later_event.id
join feed_event earlier on earlier.outbox_id = earlier_event.id and earlier.feed = later.feed
where earlier.sequence > later.sequence or (later.delivered_at is not null and earlier.delivered_at is null);
