-- After a restore (docs/how-to/restore-from-a-backup.md): what was sent in the hours before is sent again, for queues of the
-- broker, or rows of another service, may not have it any more. Subscribers know by the id of an event whether they have
-- handled it; feeds give it again with the number that it had.
update feed_event set delivered_at = null where delivered_at >= now() - interval '4 hours';
update outbox set sent_at = null, next_try_at = null where sent_at >= now() - interval '4 hours';
