-- What the last run remembered of a company's presets, so that the next needs fewer calls, on whatever machine it runs.
create table sync_memory (
    company_id text not null,
    host       text not null,
    saved_at   timestamptz not null,
    sha256     text not null,
    content    bytea not null,

    primary key (company_id, host)
);

comment on table sync_memory is
    'What runs remember of presets. Nothing of it is needed: where it is missing or damaged, the next run reads everything.';
comment on column sync_memory.company_id is 'Procore company.';
comment on column sync_memory.host is 'Host of the Procore API.';
comment on column sync_memory.saved_at is 'When it was kept.';
comment on column sync_memory.sha256 is 'Digest of what is remembered.';
comment on column sync_memory.content is 'The same bytes as in the file of the ledger''s folder.';

---- create above / drop below ----

drop table sync_memory;
