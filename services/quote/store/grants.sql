-- Beside chassis/db/grants.sql. What is left out here the processes of quote read and write.

-- seed and import load these, as the owner
revoke insert, update, delete on county, county_area, data_set, family_rate, plan, plan_rate, service_area, zip_county
    from :"role";
-- a quote is archived, not deleted
revoke delete on quote from :"role";
