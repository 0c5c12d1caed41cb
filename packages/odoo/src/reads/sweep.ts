import { z } from 'zod';
import type { OdooClient } from '../client/client.ts';
import { idsPerCall } from '../client/limits.ts';

/** What a part of a sweep found. */
export type Swept = {
  /** Known records that are not there any more, or that this user may not see any more. */
  readonly gone: readonly number[];
  /** All known ids up to this one were looked at: go on from here with `after`. */
  readonly upTo: number;
};

/**
 * Looks which of the records that somebody knows are gone: Odoo says of nothing that it was deleted. Only ids travel, up to 5,000 a call; archived records are there. Known ids come
 * by ascending id, all at once or batch by batch as they are read from a store.
 */
export async function* sweep(
  client: OdooClient,
  model: string,
  known: readonly number[] | AsyncIterable<readonly number[]>,
  { after = 0, signal }: { readonly after?: number; readonly signal?: AbortSignal } = {},
): AsyncGenerator<Swept, void> {
  for await (const ids of batches(known)) {
    const asked = ids.filter((id) => id > after);
    const upTo = asked.at(-1);
    if (upTo === undefined) continue;
    const there = new Set(await thoseThere(client, model, asked, signal));
    yield { gone: asked.filter((id) => !there.has(id)), upTo };
  }
}

function thoseThere(client: OdooClient, model: string, ids: readonly number[], signal: AbortSignal | undefined): Promise<number[]> {
  const args = { domain: [['id', 'in', [...ids]]], order: 'id' };
  const signalled = signal === undefined ? {} : { signal };
  const call = { model, method: 'search', args, context: { active_test: false }, repeat: 'always', timeout: 'read', ...signalled } as const;
  return client.call(call, z.array(z.int()));
}

/** Batches of the size of a call, whatever the store gives. */
async function* batches(known: readonly number[] | AsyncIterable<readonly number[]>): AsyncGenerator<number[], void> {
  let waiting: number[] = [];
  for await (const part of Symbol.asyncIterator in known ? known : [known]) {
    for (const id of part) {
      waiting.push(id);
      if (waiting.length < idsPerCall) continue;
      yield waiting;
      waiting = [];
    }
  }
  if (waiting.length > 0) yield waiting;
}
