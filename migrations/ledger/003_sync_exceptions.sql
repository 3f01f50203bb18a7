-- The rows of exceptions.csv, column by column.
create table sync_exceptions (
    run_id        text not null,
    kind          text not null,
    subject       text not null,
    detail        text not null,
    template_name text,
    group_name    text,
    project_id    text,
    source        text,

    constraint sync_exceptions_run_known foreign key (run_id) references sync_runs on delete cascade,
    -- The form only: a later version may know more kinds, and an older ledger must still take its runs.
    constraint sync_exceptions_kind_word check (kind ~ '^[a-z]+(_[a-z]+)*$')
);

-- All exceptions of a run, by kind, to show and to delete.
create index sync_exceptions_of_run on sync_exceptions (run_id, kind);

comment on table sync_exceptions is
    'What a person should know of a run: who could not be resolved, what was held or kept, what failed. The rows of '
    'exceptions.csv.';
comment on column sync_exceptions.run_id is 'The run, in sync_runs.';
comment on column sync_exceptions.kind is 'What it is about, such as not_in_procore, held_empty_group or conflict.';
comment on column sync_exceptions.subject is 'Who or what: a person, a rule, a team, a template, a preset.';
comment on column sync_exceptions.detail is 'What is wrong and what to do.';
comment on column sync_exceptions.template_name is 'The workflow template concerned.';
comment on column sync_exceptions.group_name is 'The responsible group concerned.';
comment on column sync_exceptions.project_id is 'The Procore project concerned.';
comment on column sync_exceptions.source is 'HR rows concerned, joined by ";".';

---- create above / drop below ----

do $migration$
begin
    if exists (select from sync_exceptions) then
        raise exception 'sync_exceptions holds exceptions of past runs: drop the table by hand if you mean it';
    end if;
    drop table sync_exceptions;
end
$migration$;
