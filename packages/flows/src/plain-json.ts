import type { Json } from '@quartermaster/journal';

/** Values parsed by a schema are plain data; this says so to the types by the way of text, as the journal does. */
export function jsonOf(value: unknown): Json {
  return JSON.parse(JSON.stringify(value));
}
