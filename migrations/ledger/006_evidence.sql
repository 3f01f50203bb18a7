-- The evidence of what happened: who approved and what was accepted until when, the digest of each run's manifest, and the
-- chain of manifests, so that a run that is altered or deleted in a ledger's folder shows.
alter table sync_runs
    add column approved_by     text,
    add column manifest_sha256 text,
    add constraint sync_runs_manifest_digest check (manifest_sha256 ~ '^[0-9a-f]{64}$');

comment on column sync_runs.run_by is 'Who ran it: user@machine.';
comment on column sync_runs.approved_by is 'Who approved it, as given with --approved-by.';
comment on column sync_runs.manifest_sha256 is 'Digest of the manifest.json in the run''s folder. Empty where it has none.';

alter table sync_exceptions
    add column accepted_until date,
    add column accepted_why   text;

comment on column sync_exceptions.accepted_until is 'Last day on which it is accepted. Empty where it is not.';
comment on column sync_exceptions.accepted_why is 'Why it is accepted, as the file of SYNC_ACCEPTED_EXCEPTIONS says.';

-- What happened to a person, and in a project: the questions of an audit.
create index sync_changes_of_login on sync_changes (company_id, lower(login));
create index sync_changes_of_project on sync_changes (company_id, project_id);

create table sync_manifests (
    chain_id   text not null,
    number     integer not null,
    run_id     text not null,
    company_id text not null,
    manifest   text not null,

    primary key (chain_id, number),
    constraint sync_manifests_number_counts check (number > 0)
);

create index sync_manifests_of_run on sync_manifests (run_id);

comment on table sync_manifests is
    'The chains of manifests: one for each ledger''s folder and company. Rows are only ever added, and stay when '
    'LEDGER_KEEP_DAYS deletes a run: each holds the digest of the one before.';
comment on column sync_manifests.chain_id is 'The chain, named at random when its first run ended.';
comment on column sync_manifests.number is 'Place in the chain, from 1.';
comment on column sync_manifests.run_id is 'The run. It need not be in sync_runs any more.';
comment on column sync_manifests.company_id is 'Procore company.';
comment on column sync_manifests.manifest is 'The text of manifest.json, whose sha256 is the run''s evidence.';

---- create above / drop below ----

do $migration$
begin
    if exists (select from sync_manifests) then
        raise exception 'sync_manifests holds the evidence of runs: drop the table by hand if you mean it';
    end if;
    drop table sync_manifests;
end
$migration$;

drop index sync_changes_of_login, sync_changes_of_project;
alter table sync_exceptions drop column accepted_until, drop column accepted_why;
alter table sync_runs drop column approved_by, drop column manifest_sha256;
comment on column sync_runs.run_by is 'Who ran it, and so who approved it: user@machine.';
