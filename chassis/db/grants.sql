-- What a service's processes may do in its database; migrate runs this, and the service's own file after it, as the owner
-- of the tables. No table can be made, changed, emptied or dropped, and what is not named in the second file can be read
-- and written. :"role" is the role that the processes sign in with.

revoke all on all tables in schema public from :"role";
revoke all on all sequences in schema public from :"role";
revoke all on schema public from :"role";
grant usage on schema public to :"role";
grant select, insert, update, delete on all tables in schema public to :"role";
grant usage on all sequences in schema public to :"role";
revoke all on alembic_version from :"role";
