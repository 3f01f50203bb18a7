-- The rows of changes.csv, column by column.
create table sync_changes (
    run_id         text not null,
    "time"         timestamptz,
    company_id     text not null,
    project_id     text,
    project_number text,
    project_name   text,
    template_id    text not null,
    template_name  text not null,
    version_id     text not null,
    preset_id      text not null,
    group_uuid     text not null,
    group_name     text not null,
    action         text not null,
    login_id       text not null,
    login          text,
    person_name    text,
    employee_id    text,
    reason         text,
    source         text,
    status         text not null,
    http_status    integer,
    request_id     text,
    error          text,

    constraint sync_changes_run_known foreign key (run_id) references sync_runs on delete cascade,
    constraint sync_changes_action_known check (action in ('add', 'remove')),
    constraint sync_changes_status_known check
        (status in ('planned', 'applied', 'failed', 'conflict', 'held', 'not_attempted'))
);

-- All changes of a run, to show, to roll back and to delete.
create index sync_changes_of_run on sync_changes (run_id);
-- What happened to a person: the question of an audit.
create index sync_changes_of_person on sync_changes (company_id, login_id);

comment on table sync_changes is
    'One row for each person who came to or left a group in a run, or was meant to: the rows of changes.csv.';
comment on column sync_changes.run_id is 'The run, in sync_runs.';
comment on column sync_changes."time" is 'When this became of the change. Empty where nothing was tried.';
comment on column sync_changes.company_id is 'Procore company.';
comment on column sync_changes.project_id is 'Procore project. Empty for a preset of a company-level tool.';
comment on column sync_changes.project_number is 'The project''s number in Procore.';
comment on column sync_changes.project_name is 'The project''s name in Procore.';
comment on column sync_changes.template_id is 'Workflow template.';
comment on column sync_changes.template_name is 'The template''s name.';
comment on column sync_changes.version_id is 'The template''s published version that the preset was on.';
comment on column sync_changes.preset_id is 'The preset: the template''s configuration for this project.';
comment on column sync_changes.group_uuid is 'Responsible group within the version.';
comment on column sync_changes.group_name is 'The group''s name.';
comment on column sync_changes.action is 'add or remove.';
comment on column sync_changes.login_id is 'The person''s id in Procore.';
comment on column sync_changes.login is 'The person''s e-mail in Procore.';
comment on column sync_changes.person_name is 'The person''s name.';
comment on column sync_changes.employee_id is 'HR''s id of the person. Empty for someone HR does not know.';
comment on column sync_changes.reason is 'Why: the rule and the HR row, in words.';
comment on column sync_changes.source is
    'HR rows that speak of the person, joined by ";". Empty for someone HR does not know.';
comment on column sync_changes.status is
    'planned, applied, failed, conflict, held or not_attempted: what became of it, never more than what happened.';
comment on column sync_changes.http_status is 'HTTP status of the write''s answer. Empty where there was none.';
comment on column sync_changes.request_id is 'X-Request-Id of the write''s answer, for Procore''s support.';
comment on column sync_changes.error is 'What went wrong.';

---- create above / drop below ----

do $migration$
begin
    if exists (select from sync_changes) then
        raise exception 'sync_changes holds changes, the record of what was done: drop the table by hand if you mean it';
    end if;
    drop table sync_changes;
end
$migration$;
