import { z } from 'zod';
import { JournalError, type JournalErrorCode } from './journal-error.ts';

/** What `pg` and PGlite throw for an answer of the server: its SQLSTATE (postgresql.org/docs/current/errcodes-appendix.html). Node's own codes of a socket look alike. */
const codedSchema = z.object({ code: z.string() });

/** SQLSTATE of an error, or Node's code; null for an error that has none. */
export function postgresCodeOf(error: unknown): string | null {
  const parsed = codedSchema.safeParse(error);
  return parsed.success ? parsed.data.code : null;
}

/** Two transactions stood in each other's way, and the server broke off this one. */
export function isInTheWay(error: unknown): boolean {
  const code = postgresCodeOf(error);
  return code === '40P01' || code === '40001';
}

type Advice = { readonly code: JournalErrorCode; readonly message: string };

const unreachable: Advice = { code: 'unreachable', message: 'does not answer; start it, and check host and port' };
const refused: Advice = { code: 'access-denied', message: 'does not let this user in; check user, password and pg_hba.conf' };
const interrupted: Advice = {
  code: 'interrupted',
  message: 'broke off the connection; start again once it answers: what was not acknowledged is found in the journal or not at all',
};
const advice: Readonly<Record<string, Advice>> = {
  ECONNREFUSED: unreachable,
  ENOTFOUND: unreachable,
  EAI_AGAIN: unreachable,
  ETIMEDOUT: unreachable,
  EHOSTUNREACH: unreachable,
  ENETUNREACH: unreachable,
  ENOENT: unreachable,
  ECONNRESET: interrupted,
  EPIPE: interrupted,
  '57P03': { code: 'unreachable', message: 'is starting or stopping; try again in a moment' },
  '57P01': interrupted,
  '57P02': interrupted,
  '57P05': interrupted,
  '25P03': {
    code: 'interrupted',
    message:
      'ended a transaction in which this process was silent for too long; nothing of it was kept, and the process may be overloaded or was stopped',
  },
  '08003': interrupted,
  '08006': interrupted,
  '28000': refused,
  '28P01': refused,
  '42501': {
    code: 'access-denied',
    message: 'does not let this user do what a journal must; make it the owner of its own database or schema',
  },
  '3D000': { code: 'cannot-open', message: 'has no such database; create it (createdb), apart from that of Odoo' },
  '25006': { code: 'read-only', message: 'is a standby or set to read only; connect to the primary' },
  '53100': { code: 'disk-full', message: 'has no room left on its disk; make room, then go on: nothing was half written' },
  '53300': { code: 'busy', message: 'has no connection left; raise max_connections, or give the journal fewer (`connections`)' },
  '55P03': {
    code: 'busy',
    message: 'kept a transaction waiting for too long, and nothing of it was kept; look in pg_stat_activity for who holds it',
  },
  XX001: { code: 'damaged', message: 'says that its data is damaged; stop, keep the data directory, and restore the last backup' },
  XX002: { code: 'damaged', message: 'says that an index is damaged; stop, keep the data directory, and restore the last backup' },
};

/** What an operator can do something about as a {@link JournalError}, the rest as it is. `server` says which one, without secrets; the original is kept out where it might hold one. */
export function postgresFault(error: unknown, server: string): unknown {
  const known = adviceFor(error);
  if (known === null) return error;
  return new JournalError(known.code, `The PostgreSQL server ${server} ${known.message}.`, { cause: postgresCodeOf(error) ?? 'no code' });
}

function adviceFor(error: unknown): Advice | null {
  if (error instanceof JournalError) return null;
  const known = advice[postgresCodeOf(error) ?? ''];
  if (known !== undefined) return known;
  if (!(error instanceof Error)) return null;
  // Without a code: what `pg` itself says of a connection and of its pool.
  if (/^Connection terminated|^Client has encountered a connection error|not queryable/.test(error.message)) return interrupted;
  if (/timeout exceeded when trying to connect|connect ETIMEDOUT|Connection terminated due to connection timeout/.test(error.message))
    return unreachable;
  if (/password must be a string|SASL/.test(error.message)) return refused;
  if (error instanceof AggregateError) return error.errors.map(adviceFor).find((each) => each !== null) ?? null;
  return null;
}
