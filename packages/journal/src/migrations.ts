import type { SchemaStep } from './schema-words.ts';

/** What makes the tables, one entry per version and never changed once released; `user_version` in SQLite, and `schema` in the table `meta` of PostgreSQL, count those that were applied. */
export const migrations: readonly (readonly SchemaStep[])[] = [
  [
    `create table meta (name text not null primary key, value text not null)`,

    `create table inbox (
      id integer primary key autoincrement, tenant text not null, company text not null, connection text not null, kind text not null, vendor_id text not null,
      revision text not null, subject text, body text not null, received_at text not null, handled_at text,
      unique (tenant, company, connection, kind, vendor_id, revision))`,
    `create index inbox_pending on inbox (id) where handled_at is null`,

    `create table cursor_position (
      tenant text not null, company text not null, connection text not null, stream text not null, position text not null, changed_at text not null,
      primary key (tenant, company, connection, stream))`,

    `create table record (
      kind text not null, key text not null, state text not null, version integer not null, body text not null, created_at text not null, changed_at text not null,
      primary key (kind, key))`,
    `create index record_state on record (kind, state, key)`,

    `create table intent (
      id integer primary key autoincrement, key text not null unique, tenant text not null, company text not null, connection text not null, kind text not null,
      order_key text not null, subject text, payload text not null, safety text not null, state text not null, run_at text not null, attempt integer not null,
      lookups integer not null, in_doubt integer not null, lease_token text, lease_until text, refs text not null, result text, fault text, created_at text not null,
      changed_at text not null)`,
    `create index intent_ready on intent (id, run_at) where state = 'ready'`,
    `create index intent_open on intent (order_key, id) where state in ('planned', 'ready', 'leased', 'sent', 'unknown', 'dead')`,
    `create index intent_unknown on intent (id, run_at) where state = 'unknown'`,
    `create index intent_leased on intent (lease_until) where lease_token is not null`,
    `create index intent_count on intent (kind, state)`,
    `create index intent_order on intent (order_key, id)`,

    `create table raw_answer (id integer primary key autoincrement, intent_id integer not null, subject text not null, sealed blob not null, at text not null)`,
    `create index raw_answer_intent on raw_answer (intent_id)`,
    `create index raw_answer_subject on raw_answer (subject)`,

    `create table exception_case (
      id integer primary key autoincrement, code text not null, subject_key text not null, intent_id integer, owner text not null, reason text not null,
      detail text not null, times integer not null, raised_at text not null, last_raised_at text not null, resolved_at text, resolved_by text, resolution text)`,
    `create unique index exception_open on exception_case (code, subject_key) where resolved_at is null`,
    `create index exception_subject on exception_case (subject_key, id)`,

    `create table schedule_slot (name text not null, slot text not null, claimed_at text not null, primary key (name, slot))`,

    `create table audit (
      seq integer not null primary key, at text not null, actor text not null, event text not null, key text not null, detail text not null, previous_hash text not null,
      hash text not null)`,
    `create index audit_key on audit (key, seq)`,
    { refuse: 'update', on: 'audit', because: 'the audit trail is append-only' },
    { refuse: 'delete', on: 'audit', because: 'the audit trail is append-only' },

    `create table decision (
      seq integer primary key autoincrement, id text not null unique, kind text not null, at text not null, inputs_hash text not null, inputs blob not null,
      outcome text not null)`,
    `create index decision_kind on decision (kind, seq)`,

    `create table vault_key (subject text not null primary key, master_key_id text not null, wrapped blob not null, created_at text not null)`,
    `create table vault_entry (subject text not null, name text not null, sealed blob not null, changed_at text not null, primary key (subject, name))`,
  ],
  [
    `create table lease (name text not null primary key, holder text, fence integer not null, until text not null)`,
    `create table bucket (name text not null primary key, full_at integer not null)`,
    `create table circuit (
      tenant text not null, company text not null, connection text not null, state text not null, until text, failures integer not null, reason text, changed_at text not null,
      primary key (tenant, company, connection))`,
    `create table replica (id text not null primary key, name text not null, started_at text not null, last_seen text not null, holds text not null)`,

    `alter table cursor_position add column fence integer`,
    `alter table record add column shape integer not null default 1`,
    `alter table audit add column strand integer not null default 0`,
    `create index audit_strand on audit (strand, seq)`,

    `create index intent_finished on intent (changed_at) where state in ('done', 'failed', 'cancelled')`,
    `create index inbox_handled on inbox (handled_at) where handled_at is not null`,
    `create index exception_resolved on exception_case (resolved_at) where resolved_at is not null`,
    `create index decision_at on decision (at)`,

    { refuse: 'update', on: 'decision', because: 'a decision is never changed' },
    { refuse: 'delete', on: 'decision', because: 'decisions only go by age', unless: `exists (select 1 from meta where name = 'pruning')` },
  ],
  [
    `alter table record add column name text`,
    // What people called an order was in its body only, until now.
    {
      sqlite: `update record set name = json_extract(body, '$.order.name') where kind = 'order'`,
      postgres: `update record set name = body::json #>> '{order,name}' where kind = 'order'`,
    },
    `create index record_name on record (kind, name) where name is not null`,
  ],
  [`drop index intent_ready`, `create index intent_ready on intent (connection, id, run_at) where state = 'ready'`],
  [
    `alter table record add column due_queue text`,
    `alter table record add column due_at text`,
    `create index record_due on record (kind, due_queue, due_at, key) where due_at is not null`,
  ],
];
