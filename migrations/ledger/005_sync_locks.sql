-- Who holds, or last held, the lock of a company. The lock itself is an advisory lock of the session, which ends with
-- the connection; a row here only names the holder to those who are refused.
create table sync_locks (
    company_id  text not null,
    host        text not null,
    backend_pid integer not null,
    holder_host text not null,
    holder_pid  integer not null,
    run_id      text not null,
    since       timestamptz not null,

    primary key (company_id, host)
);

comment on table sync_locks is
    'Who holds, or last held, the lock of a company. Held only while the session backend_pid has its advisory lock.';
comment on column sync_locks.company_id is 'Procore company.';
comment on column sync_locks.host is 'Host of the Procore API.';
comment on column sync_locks.backend_pid is 'Process id, on the database server, of the session with the advisory lock.';
comment on column sync_locks.holder_host is 'Machine or pod that the run is on.';
comment on column sync_locks.holder_pid is 'Process id of the run there.';
comment on column sync_locks.run_id is 'The run.';
comment on column sync_locks.since is 'When it took the lock.';

---- create above / drop below ----

drop table sync_locks;
