import { createHash } from 'node:crypto';
import { externalReferenceLength } from './limits.ts';

/**
 * What a purchase is known by at Sendcloud (`external_reference_id`), made of its key alone: the key itself where it is short and plain, else a hash of it. Sendcloud takes each once. `nth` counts
 * from 1: where a purchase that came to nothing has used one up, the next is taken.
 */
export function externalReferenceOf(key: string, nth = 1): string {
  const first = /^[\w./-]+$/.test(key) && key.length <= externalReferenceLength && !/~\d+$/.test(key) ? key : `qm-${hashOf(key)}`;
  return nth === 1 ? first : `${first}~${nth}`;
}

/** Which reference of a key this is; null where it is none of it. */
export function nthOf(reference: string, key: string): number | null {
  const nth = Number(/~(\d+)$/.exec(reference)?.[1] ?? '1');
  return externalReferenceOf(key, nth) === reference ? nth : null;
}

function hashOf(key: string): string {
  return createHash('sha256').update(key).digest('hex').slice(0, 40);
}
