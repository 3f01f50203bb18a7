-- The steps of journal.jsonl that wrote or were to write, so that a run can be rolled back where its folder is lost.
create table sync_journal (
    run_id text not null,
    step   text not null,
    number integer not null,
    entry  jsonb not null,

    primary key (run_id, step, number),
    constraint sync_journal_run_known foreign key (run_id) references sync_runs on delete cascade,
    constraint sync_journal_step_known check (step in ('intent', 'outcome'))
);

comment on table sync_journal is
    'What each run announced to write and what became of it, as its journal has it. Rolling back reads it.';
comment on column sync_journal.run_id is 'The run, in sync_runs.';
comment on column sync_journal.step is 'intent or outcome.';
comment on column sync_journal.number is 'Place among the run''s intents or outcomes, from 1.';
comment on column sync_journal.entry is 'The step; of an intent with the people of the whole preset before it.';

---- create above / drop below ----

do $migration$
begin
    if exists (select from sync_journal) then
        raise exception 'sync_journal holds what rolling back needs: drop the table by hand if you mean it';
    end if;
    drop table sync_journal;
end
$migration$;
