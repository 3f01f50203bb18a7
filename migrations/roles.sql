-- Three roles with the least rights that assignee-sync needs:
--
--   assignee_sync_owner          runs `assignee-sync migrate hr` and `migrate ledger`, and owns what they make
--   assignee_sync_hr_reader      reads the HR data: the user of HR_DATABASE_URL for every other command
--   assignee_sync_ledger_writer  writes the ledger and takes the lock: the user of LEDGER_DATABASE_URL
--
-- Run it as a superuser in the HR database and in the ledger's (they may be one), before the first migration and once
-- more after each: it grants rights on what is there. Running it again changes nothing. The tables are those of the first
-- schema in the search path. Afterwards give each role a password (psql: \password assignee_sync_owner), or put your own
-- roles in its place with: grant assignee_sync_hr_reader to your_role.

do $roles$
declare
    wanted text;
begin
    foreach wanted in array array['assignee_sync_owner', 'assignee_sync_hr_reader', 'assignee_sync_ledger_writer'] loop
        begin
            if not exists (select from pg_catalog.pg_roles where rolname = wanted) then
                execute format('create role %I login nosuperuser nocreatedb nocreaterole noreplication', wanted);
            end if;
        exception when duplicate_object or unique_violation then
            null; -- made by someone else in the same moment
        end;
    end loop;
end
$roles$;

do $grants$
declare
    here  text := current_schema();
    thing text;
begin
    if here is null then
        raise exception 'there is no schema in the search path: create one first';
    end if;
    execute format('grant connect on database %I to assignee_sync_owner, assignee_sync_hr_reader, '
                   'assignee_sync_ledger_writer', current_database());
    execute format('grant usage, create on schema %I to assignee_sync_owner', here);
    execute format('grant usage on schema %I to assignee_sync_hr_reader, assignee_sync_ledger_writer', here);

    -- HR: reading, and nothing else. A view or table of your own under these names is included.
    foreach thing in array array['hr_team_members', 'role_mappings', 'assignee_sync_hr_version'] loop
        if to_regclass(thing) is not null then
            execute format('grant select on %s to assignee_sync_hr_reader', to_regclass(thing));
        end if;
    end loop;

    -- Ledger: runs are written, replaced when a killed one is closed, and deleted after LEDGER_KEEP_DAYS.
    foreach thing in array array['sync_runs', 'sync_changes', 'sync_exceptions', 'sync_journal', 'sync_running'] loop
        if to_regclass(thing) is not null then
            execute format('grant select, insert, update, delete on %s to assignee_sync_ledger_writer', to_regclass(thing));
        end if;
    end loop;
    -- The chain of evidence is only ever added to.
    if to_regclass('sync_manifests') is not null then
        execute format('grant select, insert on %s to assignee_sync_ledger_writer', to_regclass('sync_manifests'));
    end if;
    foreach thing in array array['sync_locks', 'sync_memory', 'sync_watch'] loop
        if to_regclass(thing) is not null then
            execute format('grant select, insert, update on %s to assignee_sync_ledger_writer', to_regclass(thing));
        end if;
    end loop;
    if to_regclass('assignee_sync_ledger_version') is not null then
        execute format('grant select on %s to assignee_sync_ledger_writer', to_regclass('assignee_sync_ledger_version'));
    end if;
end
$grants$;
