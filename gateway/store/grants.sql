-- Beside chassis/db/grants.sql. What is left out here the gateway reads and writes.

-- who delegated what to whom, and when
revoke update, delete on delegation_changes from :"role";
-- `portal break-glass` opens and ends it, as the owner
revoke insert, update, delete on emergency_access from :"role";
