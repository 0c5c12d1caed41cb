import { InvariantError } from '@quartermaster/domain';

/** What survives being written as JSON and read back. */
export type Json = string | number | boolean | null | readonly Json[] | { readonly [name: string]: Json };

/** Throws an `InvariantError` for text that the journal cannot have written. */
export function parseJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch (error) {
    throw new InvariantError('the journal holds text that is no JSON', { cause: error });
  }
}
