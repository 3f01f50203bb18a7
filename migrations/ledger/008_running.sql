-- The rows of running.csv, column by column, and who is watched.
create table sync_running (
    run_id             text not null,
    instance_id        text,
    item_id            text,
    project_id         text,
    project_number     text,
    project_name       text,
    tool_type          text not null,
    tool_subtype       text,
    step_occurrence_id text,
    step_name          text,
    login_id           text not null,
    login              text,
    person_name        text,
    required           boolean,
    started_at         timestamptz,
    overdue_at         timestamptz,
    reason             text not null,
    successor_ids      text,
    successors         text,
    state              text not null,
    http_status        integer,
    request_id         text,
    error              text,

    constraint sync_running_run_known foreign key (run_id) references sync_runs on delete cascade,
    -- The form only: a later version may know more states, and an older ledger must still take its runs.
    constraint sync_running_state_word check (state ~ '^[a-z]+(_[a-z]+)*$')
);

-- All rows of a run, to show and to delete.
create index sync_running_of_run on sync_running (run_id);

comment on table sync_running is
    'Running workflows that wait for somebody who was taken off their preset, as each run that looked found them. The rows '
    'of running.csv.';
comment on column sync_running.run_id is 'The run, in sync_runs.';
comment on column sync_running.instance_id is 'The running workflow. Empty where a project and tool could not be looked at.';
comment on column sync_running.item_id is 'What the workflow runs on, such as a contract.';
comment on column sync_running.project_id is 'The Procore project. Empty for company-level tools.';
comment on column sync_running.project_number is 'The project''s number.';
comment on column sync_running.project_name is 'The project''s name.';
comment on column sync_running.tool_type is 'The tool that the workflow belongs to.';
comment on column sync_running.tool_subtype is 'The tool''s subtype.';
comment on column sync_running.step_occurrence_id is 'The passage through the step that waits.';
comment on column sync_running.step_name is 'The step''s name.';
comment on column sync_running.login_id is 'Who is waited for, as Procore''s login id.';
comment on column sync_running.login is 'Their login.';
comment on column sync_running.person_name is 'Their name.';
comment on column sync_running.required is 'Whether the step can''t end without their response.';
comment on column sync_running.started_at is 'When the step began.';
comment on column sync_running.overdue_at is 'When a response is or was due.';
comment on column sync_running.reason is 'Procore''s word for why somebody else is invited.';
comment on column sync_running.successor_ids is 'Who would be invited, or was: login ids joined by ";".';
comment on column sync_running.successors is 'Their logins, joined by ";".';
comment on column sync_running.state is 'waiting, planned, invited, failed, conflict, not_attempted, not_looked or unreadable.';
comment on column sync_running.http_status is 'Status of the invitation''s answer.';
comment on column sync_running.request_id is 'X-Request-Id of that answer.';
comment on column sync_running.error is 'What went wrong.';

create table sync_watch (
    company_id text not null,
    host       text not null,
    saved_at   timestamptz not null,
    entries    jsonb not null,

    primary key (company_id, host)
);

comment on table sync_watch is
    'Who was removed from the groups of which project and tool, and when: whom running workflows may still wait for.';
comment on column sync_watch.company_id is 'Procore company.';
comment on column sync_watch.host is 'Host of the Procore API.';
comment on column sync_watch.saved_at is 'When it was kept.';
comment on column sync_watch.entries is 'One entry for each person, project and tool.';

---- create above / drop below ----

do $migration$
begin
    if exists (select from sync_running) then
        raise exception 'sync_running holds what past runs found: drop the table by hand if you mean it';
    end if;
    drop table sync_running;
end
$migration$;

drop table sync_watch;
