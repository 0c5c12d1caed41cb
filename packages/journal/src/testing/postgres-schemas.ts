import type { Clock } from '@quartermaster/domain';
import { openJournal, type Journal } from '../journal.ts';
import type { PostgresPlace } from '../postgres-home.ts';
import { masterKey } from './givens.ts';
import { schemaPrefix, type TestServer } from './postgres-server.ts';

let schemas = 0;

/** A name that no other test of this server uses. */
export function newSchema(): string {
  return `${schemaPrefix}${(schemas += 1)}`;
}

/** As many processes as asked for, each with connections of its own, on one new schema. */
export async function replicasOf(
  server: Pick<TestServer, 'url'>,
  count: number,
  given: { readonly clock: Clock } & Partial<PostgresPlace>,
): Promise<Journal[]> {
  const { clock, ...place } = given;
  const postgres = { url: server.url, schema: newSchema(), connections: 2, leaseTime: 'clock' as const, ...place };
  return Promise.all(Array.from({ length: count }, () => openJournal({ postgres, masterKey, clock })));
}
