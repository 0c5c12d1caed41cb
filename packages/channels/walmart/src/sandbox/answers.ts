import type { z } from 'zod';

/** Thrown by the sandbox's handlers instead of an answer: Walmart's refusal. */
export class WalmartRefusal extends Error {
  override readonly name = 'WalmartRefusal';
  readonly status: number;
  readonly code: string;

  constructor(status: number, code: string, description: string) {
    super(description);
    this.status = status;
    this.code = code;
  }
}

/** One request as the handlers see it. */
export type Asked = {
  readonly method: string;
  readonly path: string;
  readonly query: URLSearchParams;
  readonly headers: Headers;
  readonly text: string;
};

export function invalid(description: string, part = 'ORDER'): WalmartRefusal {
  return new WalmartRefusal(400, `INVALID_REQUEST_CONTENT.GMP_${part}_API`, description);
}

export function absent(description: string, part = 'ORDER'): WalmartRefusal {
  return new WalmartRefusal(404, `CONTENT_NOT_FOUND.GMP_${part}_API`, description);
}

/** One error as Walmart writes it. */
export function wireError({ code, message }: WalmartRefusal) {
  return {
    code,
    field: 'data',
    description: message,
    info: 'Request invalid.',
    severity: 'ERROR',
    category: 'DATA',
    causes: [],
    errorIdentifiers: {},
  };
}

/** The body of a request, or the refusal of one that does not fit. */
export function bodyOf<Schema extends z.ZodType>(asked: Asked, schema: Schema, part = 'ORDER'): z.infer<Schema> {
  if (!(asked.headers.get('content-type') ?? '').includes('application/json'))
    throw new WalmartRefusal(415, 'UNSUPPORTED_MEDIA_TYPE.GMP_GATEWAY_API', 'Unsupported media type');
  return parsed(asked.text, schema, part);
}

export function parsed<Schema extends z.ZodType>(text: string, schema: Schema, part: string): z.infer<Schema> {
  let json: unknown;
  try {
    json = JSON.parse(text);
  } catch {
    throw invalid('The request is not JSON', part);
  }
  const result = schema.safeParse(json);
  if (!result.success) throw invalid(`Unexpected ${result.error.issues[0]?.path.join('.') ?? 'content'}`, part);
  return result.data;
}

/** Only parameters that Walmart describes are taken. */
export function needKnown(asked: Asked, known: readonly string[], part: string): void {
  for (const name of asked.query.keys()) if (!known.includes(name)) throw invalid(`Unknown parameter ${name}`, part);
}

/** A time as Walmart reads it: a date, or a time with its zone. */
export function timeOf(text: string | null, part: string): number | null {
  if (text === null) return null;
  const ms = Date.parse(text);
  if (!/^\d{4}-\d\d-\d\d(T\d\d:\d\d:\d\d(\.\d{3})?(Z|[+-]\d{4}))?$/.test(text) || Number.isNaN(ms))
    throw invalid(`Invalid date ${text}`, part);
  return ms;
}

export function limitOf(text: string | null, most: number, initial: number, part: string): number {
  const limit = Number(text ?? initial);
  if (!Number.isSafeInteger(limit) || limit < 1 || limit > most) throw invalid(`limit cannot be larger than ${most}`, part);
  return limit;
}
