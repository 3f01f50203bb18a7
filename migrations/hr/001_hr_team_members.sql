comment on table assignee_sync_hr_version is 'How far the HR schema has been migrated by assignee-sync.';
comment on column assignee_sync_hr_version.version is 'Number of the last migration that was applied.';

-- The team members that HR gives. Where a view or a table of this name is visible already, it is the customer's own and
-- is left alone.
do $migration$
begin
    if to_regclass('hr_team_members') is not null then
        return;
    end if;

    -- Checks refuse what the loader would reject row by row. What only two rows together can get wrong (one employee id
    -- with two e-mails) is left to the loader: a check here would refuse every refresh that is on its way through.
    create table hr_team_members (
        employee_id   text,
        email         text,
        procore_login text,
        name          text,
        team          text not null,
        role          text,
        project       text,
        status        text default 'active',
        start_date    date,
        end_date      date,
        updated_at    timestamptz not null default now(),

        constraint hr_team_members_identity_needed check
            (coalesce(employee_id, '') ~ '\S' or coalesce(email, '') ~ '\S'),
        constraint hr_team_members_team_needed check
            (team ~ '\S'),
        constraint hr_team_members_addresses_valid check
            (email ~ '^\s*([^\s@<>()\[\]\\,;:"]+@[^\s@<>()\[\]\\,;:"]+)?\s*$' and
             procore_login ~ '^\s*([^\s@<>()\[\]\\,;:"]+@[^\s@<>()\[\]\\,;:"]+)?\s*$'),
        -- What a spreadsheet makes of an id: 1.23E+11, 123.00, ="00123".
        constraint hr_team_members_ids_are_text check
            (employee_id !~ '^\s*(-?(\d+[.,]\d+[eE][+-]?\d+|\d+[eE]\+\d+)|\d+[.,]0+|=.*)\s*$' and
             project !~ '^\s*(-?(\d+[.,]\d+[eE][+-]?\d+|\d+[eE]\+\d+)|\d+[.,]0+|=.*)\s*$'),
        constraint hr_team_members_no_spreadsheet_errors check
            (array_to_string(array[employee_id, email, procore_login, name, team, role, project], e'\n')
             !~ '(?n)^\s*#(REF!|N/A|VALUE!|NAME\?|DIV/0!|NULL!|NUM!|SPILL!|CALC!|#+)\s*$'),
        constraint hr_team_members_cells_short check
            (greatest(octet_length(btrim(employee_id)), octet_length(btrim(email)), octet_length(btrim(procore_login)),
                      octet_length(btrim(name)), octet_length(btrim(team)), octet_length(btrim(role)),
                      octet_length(btrim(project))) <= 1000),
        -- Words of your own (HR_STATUS_VALUES) in this table: drop this constraint.
        constraint hr_team_members_status_known check
            (trim(regexp_replace(lower(status), '[^[:alnum:]]+', ' ', 'g')) in ('',
                'active', 'current', 'employed', 'working', 'in service', 'active employee', 'current employee',
                'currently employed',
                'leave', 'on leave', 'loa', 'leave of absence', 'on leave of absence', 'active on leave', 'paid leave',
                'on paid leave', 'unpaid leave', 'on unpaid leave', 'medical leave', 'sick leave', 'family leave', 'fmla',
                'parental leave', 'maternity leave', 'paternity leave', 'military leave', 'sabbatical', 'furlough',
                'furloughed',
                'prehire', 'pre hire', 'pending hire', 'pending start', 'future hire', 'future start',
                'future dated hire', 'not started', 'not yet started', 'preboarding', 'pre boarding', 'offer accepted',
                'terminated', 'termed', 'termination', 'inactive', 'separated', 'former', 'former employee',
                'ex employee', 'resigned', 'quit', 'retired', 'deceased', 'dismissed', 'discharged', 'fired', 'laid off',
                'layoff', 'departed', 'offboarded', 'no longer employed', 'not employed', 'released')),
        -- Endless dates are allowed where they mean the same as none.
        constraint hr_team_members_start_date_valid check
            (start_date = '-infinity' or start_date between '0001-01-01' and '9999-12-31'),
        constraint hr_team_members_end_date_valid check
            (end_date = 'infinity' or end_date between '0001-01-01' and '9999-12-31'),
        constraint hr_team_members_end_after_start check
            (end_date >= start_date)
    );

    comment on table hr_team_members is
        'Who is on which team: one row for each person and team, and for each project where the team is on single '
        'projects only. Read by assignee-sync in one snapshot; it never writes here. One person may have many rows; '
        'exact duplicates count once. Refresh it in one transaction. Made by: assignee-sync migrate hr';
    comment on column hr_team_members.employee_id is
        'HR''s id of the person, as text so that leading zeros survive. This or email is required.';
    comment on column hr_team_members.email is
        'Work e-mail. Compared without regard to case and to spaces around it.';
    comment on column hr_team_members.procore_login is
        'The e-mail that the person signs in to Procore with, where it differs from email.';
    comment on column hr_team_members.name is
        'The person''s name, for people who read the report. Never used to find anyone.';
    comment on column hr_team_members.team is
        'Team, department or crew, as the role map names it.';
    comment on column hr_team_members.role is
        'The person''s role in that team, as the role map names it. Optional.';
    comment on column hr_team_members.project is
        'Procore project id or project number. Empty or * means every project.';
    comment on column hr_team_members.status is
        'active, leave, prehire or terminated, or a usual synonym, in any case. Empty means active. Other words '
        'need HR_STATUS_VALUES, and hr_team_members_status_known dropped.';
    comment on column hr_team_members.start_date is
        'First day on the team. Empty: since ever (a prehire without one is not on the team yet).';
    comment on column hr_team_members.end_date is
        'Last day on the team. Empty: no end.';
    comment on column hr_team_members.updated_at is
        'When this row was last confirmed by HR. The newest of all rows is the age of the data (HR_MAX_AGE): a refresh '
        'sets it even where nothing else changed.';
end
$migration$;

---- create above / drop below ----

-- Only a table that these migrations made, and only while it is empty, is dropped.
do $migration$
begin
    if to_regclass('hr_team_members') is null
       or coalesce(obj_description(to_regclass('hr_team_members'), 'pg_class'), '')
          not like '%Made by: assignee-sync migrate hr' then
        return;
    end if;
    if exists (select from hr_team_members) then
        raise exception 'hr_team_members holds rows: delete them or drop the table by hand first';
    end if;
    drop table hr_team_members;
end
$migration$;
