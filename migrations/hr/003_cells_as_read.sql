-- The checks follow the loader: ="00123" is an id, a filler is none, some end dates mean none, and a cell holds one value.
-- Checks that were dropped stay so, and rows that are there already are not looked at.
do $migration$
declare
    fillers constant text := '^\s*(0+|x+|-+|\.+|\?+|([^[:space:]])\2{3,}|n/a|na|#n/a|none|null|nil|tbd|tba|unknown|contractor|temp|external)\s*$';
    numbers constant text := '^\s*(-?(\d+[.,]\d+[eE][+-]?\d+|\d+[eE]\+\d+)|\d+[.,]0+|=(?!"[^"]*"\s*$).*)\s*$';
    several constant text := '[^;|[:space:]][^;|]*[;|\n\r][;|[:space:]]*[^;|[:space:]]';
    no_date constant text := $$(date '0001-01-01', date '1601-01-01', date '1753-01-01', date '1899-11-30', date '1899-12-30',
        date '1899-12-31', date '1900-01-01', date '1970-01-01')$$;
    checked record;
begin
    if to_regclass('hr_team_members') is null
       or coalesce(obj_description(to_regclass('hr_team_members'), 'pg_class'), '')
          not like '%Made by: assignee-sync migrate hr' then
        return;
    end if;
    for checked in
        select * from (values
            ('hr_team_members_identity_needed', format($$
                coalesce(email, '') ~ '\S' or coalesce(employee_id, '') ~ '\S' and employee_id !~* %L$$, fillers)),
            ('hr_team_members_ids_are_text', format($$
                employee_id !~ %L and project !~ %L$$, numbers, numbers)),
            ('hr_team_members_no_spreadsheet_errors', $$
                array_to_string(array[case when employee_id !~* '^\s*(#N/A|#{4,})\s*$' then employee_id end, email, procore_login, name,
                                      team, role, project], e'\n')
                !~ '(?n)^\s*#(REF!|N/A|VALUE!|NAME\?|DIV/0!|NULL!|NUM!|SPILL!|CALC!|#+)\s*$'$$),
            ('hr_team_members_end_after_start', format($$
                end_date >= start_date or end_date in %s or start_date in %s$$, no_date, no_date))
        ) as c (name, condition)
        where exists (select from pg_catalog.pg_constraint where conrelid = to_regclass('hr_team_members') and conname = c.name)
    loop
        execute format('alter table hr_team_members drop constraint %I', checked.name);
        execute format('alter table hr_team_members add constraint %I check (%s) not valid', checked.name, checked.condition);
    end loop;
    execute format('alter table hr_team_members add constraint hr_team_members_one_value check (team !~ %L and role !~ %L) not valid',
        several, several);

    comment on column hr_team_members.employee_id is
        'HR''s id of the person, as text so that leading zeros survive. This or email is required. A filler such as N/A, 0, '
        'TBD or 999999 counts as empty.';
    comment on column hr_team_members.team is
        'Team, department or crew, as the role map names it. One of them: a row for each team.';
    comment on column hr_team_members.end_date is
        'Last day on the team. Empty: no end, and so do dates that mean none in other systems, such as 1900-01-01.';
end
$migration$;

---- create above / drop below ----

-- What is looser stays: the loader judges each row anyhow.
do $migration$
begin
    if to_regclass('hr_team_members') is null
       or coalesce(obj_description(to_regclass('hr_team_members'), 'pg_class'), '')
          not like '%Made by: assignee-sync migrate hr' then
        return;
    end if;
    alter table hr_team_members drop constraint if exists hr_team_members_one_value;
end
$migration$;
