import type { ZodType } from 'zod';
import { now, type MarketState } from './state.ts';

/** What one call asks. */
export type Asked = { readonly query: URLSearchParams; readonly body: unknown; readonly id: string };
export type Answer = { readonly status: number; readonly body?: unknown; readonly csv?: string };

/** Thrown instead of an answer. */
export class Refusal extends Error {
  override readonly name = 'Refusal';
  readonly status: number;
  constructor(status: number, message: string) {
    super(message);
    this.status = status;
  }
}

/** A body with exactly the fields that Mirakl describes. */
export function bodyOf<Body>(schema: ZodType<Body>, { body }: Asked): Body {
  const parsed = schema.safeParse(body);
  if (parsed.success) return parsed.data;
  const [issue] = parsed.error.issues;
  throw new Refusal(400, `${issue?.path.join('.') ?? 'body'}: ${issue?.message ?? 'not valid'}`);
}

/** Refuses what is called more often than published. Mirakl documents no header that says for how long. */
export function mayCall(state: MarketState, limit: string, periodMs: number): void {
  const last = state.lastCalls.get(limit);
  const at = now(state);
  if (last !== undefined && at - last < periodMs) throw new Refusal(429, `Too many requests: ${limit}`);
  state.lastCalls.set(limit, at);
}

export function numberIn(query: URLSearchParams, name: string, otherwise: number, most: number): number {
  const text = query.get(name);
  if (text === null) return otherwise;
  const value = Number(text);
  if (!Number.isInteger(value) || value < 0 || value > most) throw new Refusal(400, `${name} is not valid`);
  return value;
}

export function timeIn(query: URLSearchParams, name: string): number | null {
  const text = query.get(name);
  if (text === null) return null;
  if (!/^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d+)?(Z|[+-]\d\d:\d\d)$/.test(text))
    throw new Refusal(400, `${name} is no ISO 8601 date and time`);
  return Date.parse(text);
}

/** A page of a list that is paged by tokens (seek pagination). The token stands for the last entry that was given. */
export function seekPage<Entry extends { readonly id: string }>(entries: readonly Entry[], query: URLSearchParams) {
  const limit = numberIn(query, 'limit', 10, 100);
  const token = query.get('page_token');
  const last = token === null ? -1 : entries.findIndex(({ id }) => id === Buffer.from(token, 'base64url').toString());
  if (token !== null && last < 0) throw new Refusal(400, 'page_token is not valid');
  const page = entries.slice(last + 1, last + 1 + limit);
  const end = page.at(-1);
  const more = last + 1 + page.length < entries.length && end !== undefined;
  return { page, next: more ? { next_page_token: Buffer.from(end.id).toString('base64url') } : {} };
}
