-- One row for each run: what summary.json says, and what the next run compares itself with. The constraints of the
-- ledger's tables are few on purpose: an honest record must never be refused, not even under a clock that jumped.
comment on table assignee_sync_ledger_version is 'How far the ledger''s schema has been migrated by assignee-sync.';
comment on column assignee_sync_ledger_version.version is 'Number of the last migration that was applied.';

create table sync_runs (
    run_id      text primary key,
    company_id  text not null,
    host        text not null,
    command     text not null,
    started_at  timestamptz not null,
    finished_at timestamptz,
    outcome     text,
    exit_code   integer,
    digest      text,
    hr_source   text,
    filtered    boolean not null default false,
    passed      boolean not null default false,
    saved_plan  boolean not null default false,
    rollback_of text,
    approved    text,
    reason      text,
    run_by      text not null,
    pid         integer not null,
    version     text not null,
    message     text,
    summary     jsonb not null,

    constraint sync_runs_run_named check (run_id ~ '\S'),
    constraint sync_runs_company_named check (company_id ~ '\S'),
    constraint sync_runs_outcome_known check
        (outcome in ('done', 'incomplete', 'refused', 'failed', 'interrupted')),
    constraint sync_runs_ended_whole check
        (num_nulls(outcome, exit_code) in (0, 2)),
    constraint sync_runs_passed_is_apply check
        (not passed or (command = 'apply' and not filtered and exit_code in (0, 4)))
);

-- The baseline of the next run.
create index sync_runs_passed on sync_runs (company_id, host, started_at desc, run_id desc) where passed;
-- Past runs of one company, and of all of them, newest first.
create index sync_runs_of_company on sync_runs (company_id, started_at desc, run_id desc);
create index sync_runs_newest on sync_runs (started_at desc, run_id desc);

comment on table sync_runs is
    'Runs of assignee-sync, one row each. A run and its changes and exceptions are written in one transaction.';
comment on column sync_runs.run_id is 'Id of the run, such as 20261123T020000Z-3f9a1c; also the name of its folder.';
comment on column sync_runs.company_id is 'Procore company.';
comment on column sync_runs.host is 'Host of the Procore API that the run spoke to.';
comment on column sync_runs.command is 'plan, apply or rollback.';
comment on column sync_runs.started_at is 'When the run began.';
comment on column sync_runs.finished_at is 'When it ended. Empty: it has not, or was killed and not closed yet.';
comment on column sync_runs.outcome is
    'done, incomplete, refused, failed or interrupted. Empty: it has not ended, or was killed and not closed yet.';
comment on column sync_runs.exit_code is 'Exit code of the command. Empty as long as outcome is.';
comment on column sync_runs.digest is 'Digest of the plan: what --approve takes. Empty where the run had no plan.';
comment on column sync_runs.hr_source is 'The HR source, the same for every run that reads it.';
comment on column sync_runs.filtered is 'Whether SYNC_TEMPLATES or SYNC_PROJECTS narrowed the run.';
comment on column sync_runs.passed is
    'Whether it was an unfiltered apply that no gate refused, or that was approved, and that ended 0 or 4.';
comment on column sync_runs.saved_plan is 'Whether it applied a plan that had been saved to a file.';
comment on column sync_runs.rollback_of is 'The run that this one rolled back.';
comment on column sync_runs.approved is 'The digest that was approved with --approve.';
comment on column sync_runs.reason is 'Why it was approved or run, as given with --reason.';
comment on column sync_runs.run_by is 'Who ran it, and so who approved it: user@machine.';
comment on column sync_runs.pid is 'Process id on that machine.';
comment on column sync_runs.version is 'Version of assignee-sync.';
comment on column sync_runs.message is 'The final line, without personal data.';
comment on column sync_runs.summary is 'The whole of summary.json.';

---- create above / drop below ----

do $migration$
begin
    if exists (select from sync_runs) then
        raise exception 'sync_runs holds runs, the record of what was changed: drop the table by hand if you mean it';
    end if;
    drop table sync_runs;
end
$migration$;
