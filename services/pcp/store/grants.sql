-- Beside chassis/db/grants.sql. What is left out here the processes of pcp read and write.

-- seed, import and check load these, as the owner
revoke insert, update, delete on directory_load, location, medical_group, name_word, network, npi_registration, zip_spot
    from :"role";
revoke delete on assignment, entry_report from :"role";
