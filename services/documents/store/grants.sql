-- Beside chassis/db/grants.sql. What is left out here the processes of documents read and write.

-- what carriers were told and answered
revoke delete on submitted_policy, cancelled_application, terminated_coverage, changed_contact, carrier_interchange,
    carrier_group, carrier_transaction, carrier_answer_file, carrier_answer from :"role";
