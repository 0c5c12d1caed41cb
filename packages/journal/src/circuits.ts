import type { Clock, Instant, Scope } from '@quartermaster/domain';
import type { Store } from './store.ts';
import type { Database } from './tables.ts';

/** `closed` lets everything pass, `open` nothing until its time, `half-open` the one who probes. */
export type CircuitState = 'closed' | 'open' | 'half-open';

/** Whether a connection may be troubled, as all replicas see it. When it opens and for how long is decided elsewhere. */
export type Circuit = {
  readonly scope: Scope;
  readonly state: CircuitState;
  /** When it may be probed, or when the probe counts as lost; null while closed. */
  readonly until: Instant | null;
  /** Failures since it last worked. */
  readonly failures: number;
  readonly reason: string | null;
};

export type CircuitReads = {
  /** Null for a connection that never failed. */
  get(scope: Scope): Promise<Circuit | null>;
  /** Those that are not closed. */
  broken(): Promise<Circuit[]>;
};

export type Circuits = CircuitReads & {
  /** Counts a failure and returns how many there were since it last worked. */
  noteFailure(scope: Scope): Promise<number>;
  /** Lets nothing pass for so long. */
  open(scope: Scope, given: { readonly forMs: number; readonly reason: string }): Promise<void>;
  /** True for the one who may try the connection, once its time is over; the others wait for `forMs` more, or for what the probe says. */
  probe(scope: Scope, forMs: number): Promise<boolean>;
  /** It works. */
  close(scope: Scope): Promise<void>;
};

const key = ['tenant', 'company', 'connection'] as const;

export function circuitReads(db: Database): CircuitReads {
  const all = () => db.selectFrom('circuit').selectAll();
  return {
    async get({ tenant, company, connection }) {
      const row = await all()
        .where('tenant', '=', tenant)
        .where('company', '=', company)
        .where('connection', '=', connection)
        .executeTakeFirst();
      return row === undefined ? null : circuitOf(row);
    },
    async broken() {
      const rows = await all().where('state', '!=', 'closed').orderBy('tenant').orderBy('company').orderBy('connection').execute();
      return rows.map(circuitOf);
    },
  };
}

export function circuits(db: Database, { store, clock }: { readonly store: Store; readonly clock: Clock }): Circuits {
  const fresh = ({ tenant, company, connection }: Scope) => ({ tenant, company, connection, failures: 0, until: null, reason: null });
  return {
    ...circuitReads(db),
    async noteFailure(scope) {
      const changed_at = clock.now();
      const { failures } = await db
        .insertInto('circuit')
        .values({ ...fresh(scope), state: 'closed', failures: 1, changed_at })
        .onConflict((conflict) => conflict.columns(key).doUpdateSet((row) => ({ failures: row('circuit.failures', '+', 1), changed_at })))
        .returning('failures')
        .executeTakeFirstOrThrow();
      return failures;
    },
    async open(scope, { forMs, reason }) {
      const written = { state: 'open' as const, until: store.later(clock.now(), forMs), reason, changed_at: clock.now() };
      await db
        .insertInto('circuit')
        .values({ ...fresh(scope), ...written })
        .onConflict((conflict) => conflict.columns(key).doUpdateSet(written))
        .execute();
    },
    async probe({ tenant, company, connection }, forMs) {
      const row = await db
        .updateTable('circuit')
        .set({ state: 'half-open', until: store.later(clock.now(), forMs), changed_at: clock.now() })
        .where('tenant', '=', tenant)
        .where('company', '=', company)
        .where('connection', '=', connection)
        .where('state', '!=', 'closed')
        .where('until', '<=', store.now(clock.now()))
        .returning('connection')
        .executeTakeFirst();
      return row !== undefined;
    },
    async close({ tenant, company, connection }) {
      await db
        .updateTable('circuit')
        .set({ state: 'closed', until: null, failures: 0, reason: null, changed_at: clock.now() })
        .where('tenant', '=', tenant)
        .where('company', '=', company)
        .where('connection', '=', connection)
        .execute();
    },
  };
}

type CircuitRow = Omit<Circuit, 'scope'> & Scope;

function circuitOf({ tenant, company, connection, state, until, failures, reason }: CircuitRow): Circuit {
  return { scope: { tenant, company, connection }, state, until, failures, reason };
}
