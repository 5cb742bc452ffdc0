-- Beside chassis/db/grants.sql. What is left out here the processes of enrollment read and write.

-- seed loads these, as the owner
revoke insert, update, delete on address, data_set, zip_county from :"role";
-- record numbers go up
revoke insert, delete on counter from :"role";
revoke delete on application from :"role";
