-- The role map, for ROLE_MAP=table. A view or a table of the customer's own by this name is left alone.
do $migration$
begin
    if to_regclass('role_mappings') is not null then
        return;
    end if;

    create table role_mappings (
        template   text not null,
        group_name text not null,
        team       text not null,
        role       text not null,

        -- Also the order in which the loader reads it.
        constraint role_mappings_once primary key (template, group_name, team, role),
        constraint role_mappings_template_needed check (template ~ '\S'),
        constraint role_mappings_group_named check (group_name ~ '\S' and btrim(group_name) <> '*'),
        constraint role_mappings_team_named check (team ~ '\S' and btrim(team) <> '*'),
        constraint role_mappings_role_needed check (role ~ '\S')
    );

    comment on table role_mappings is
        'Which team, in which role, fills which group of which workflow template. Several rows for one group add up. '
        'Names are compared without regard to case, and runs of spaces and punctuation count as one space. '
        'Made by: assignee-sync migrate hr';
    comment on column role_mappings.template is
        'Name or id of the workflow template in Procore, or * for every template.';
    comment on column role_mappings.group_name is
        'Name of the responsible group in that template. Must be named: * is not allowed.';
    comment on column role_mappings.team is
        'Team of hr_team_members whose people fill the group. Must be named: * is not allowed.';
    comment on column role_mappings.role is
        'Role in that team, or * for everyone on it.';
end
$migration$;

---- create above / drop below ----

do $migration$
begin
    if to_regclass('role_mappings') is null
       or coalesce(obj_description(to_regclass('role_mappings'), 'pg_class'), '')
          not like '%Made by: assignee-sync migrate hr' then
        return;
    end if;
    if exists (select from role_mappings) then
        raise exception 'role_mappings holds rows: delete them or drop the table by hand first';
    end if;
    drop table role_mappings;
end
$migration$;
