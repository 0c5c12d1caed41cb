import { orderFileEnvelopeSchema } from './wire.ts';
import type { Candidate } from './order-version.ts';

/** The orders of a JSON file, not looked into yet. Throws a `RangeError` that says why where it is no such file. */
export function jsonOrders(text: string): Candidate[] {
  return parsedOrders(text).map((document, nth) => ({ document, nth, problems: [], place: (path) => pathText(['orders', nth, ...path]) }));
}

function parsedOrders(text: string): readonly unknown[] {
  let json: unknown;
  try {
    json = JSON.parse(text);
  } catch {
    throw new RangeError('not JSON, or not whole');
  }
  const parsed = orderFileEnvelopeSchema.safeParse(json);
  if (parsed.success) return parsed.data.orders;
  const [issue] = parsed.error.issues;
  throw new RangeError(`${pathText(issue?.path ?? [])}: ${issue?.message ?? 'not understood'}`);
}

function pathText(path: readonly PropertyKey[]): string {
  return path
    .map((part) => (typeof part === 'number' ? `[${part}]` : `.${String(part)}`))
    .join('')
    .replace(/^\./, '');
}
