import type { AmazonState } from './state.ts';
import { next } from './state.ts';

/** A request that found its operation: path parts by name, query and body. */
export type Asked = {
  readonly params: Readonly<Record<string, string>>;
  readonly query: URLSearchParams;
  readonly body: unknown;
  /** Where the sandbox is served: documents are there too. */
  readonly origin: string;
};

export type Answer = { readonly status: number; readonly body?: unknown };

/** Amazon's refusal, thrown out of an operation. */
export class Refusal extends Error {
  override readonly name = 'Refusal';
  readonly status: number;
  readonly code: string;
  readonly details: string;
  constructor(status: number, code: string, message: string, details = '') {
    super(message);
    this.status = status;
    this.code = code;
    this.details = details;
  }
}

export function invalid(message: string): Refusal {
  return new Refusal(400, 'InvalidInput', message);
}

export function notFound(what: string): Refusal {
  return new Refusal(404, 'NotFound', `${what} was not found`);
}

export function respond(state: AmazonState, answer: Answer, rate: number | null): Response {
  const headers = {
    'content-type': 'application/json',
    'x-amzn-requestid': `sandbox-${next(state, 'request')}`,
    ...(rate === null ? {} : { 'x-amzn-ratelimit-limit': String(rate) }),
  };
  return answer.body === undefined
    ? new Response(null, { status: answer.status, headers })
    : new Response(JSON.stringify(answer.body), { status: answer.status, headers });
}

export function errorBody(code: string, message: string, details = '') {
  return { errors: [{ code, message, details }] };
}

/** The list that a query parameter holds, comma-separated. */
export function listOf(query: URLSearchParams, name: string): string[] {
  const text = query.get(name);
  return text === null || text === '' ? [] : text.split(',');
}

export function timeOf(query: URLSearchParams, name: string): number | null {
  const text = query.get(name);
  if (text === null) return null;
  const ms = /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d+)?(Z|[+-]\d\d:\d\d)$/.test(text) ? Date.parse(text) : Number.NaN;
  if (Number.isNaN(ms)) throw invalid(`Value ${text} for ${name} is not a valid ISO 8601 date-time`);
  return ms;
}

/** Throws for a parameter that the operation does not have, and one that comes twice. */
export function onlyParameters(query: URLSearchParams, known: readonly string[]): void {
  for (const name of query.keys()) {
    if (!known.includes(name)) throw invalid(`unknown parameter ${name}`);
    if (query.getAll(name).length > 1) throw invalid(`parameter ${name} comes twice`);
  }
}
