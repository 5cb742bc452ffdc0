-- Beside chassis/db/grants.sql. What is left out here the processes of payment read and write.

revoke delete on payment, attempt, autopay_mandate, callback from :"role";
