import type { z } from 'zod';

/** Thrown by the sandbox's handlers instead of an answer: eBay's refusal. */
export class EbayRefusal extends Error {
  override readonly name = 'EbayRefusal';
  readonly status: number;
  readonly errorId: number;
  readonly domain: string;

  constructor(status: number, errorId: number, message: string, domain = 'API_FULFILLMENT') {
    super(message);
    this.status = status;
    this.errorId = errorId;
    this.domain = domain;
  }
}

/** One request as the handlers see it. */
export type Asked = {
  readonly method: string;
  readonly path: string;
  readonly query: URLSearchParams;
  readonly headers: Headers;
  readonly host: string;
  readonly text: string;
  readonly as: 'seller' | 'application';
};

export type Answer = { readonly status: number; readonly body?: unknown; readonly location?: string };

/** One error as the REST APIs write it. */
export function wireError(errorId: number, message: string, domain: string) {
  return {
    errorId,
    domain,
    subdomain: 'Selling',
    category: errorId < 30_600 && errorId > 30_400 ? 'APPLICATION' : 'REQUEST',
    message,
    longMessage: message,
  };
}

/** The body of a request, or the refusal that eBay has for one that does not fit. */
export function bodyOf<Schema extends z.ZodType>(asked: Asked, schema: Schema, refusal: EbayRefusal): z.infer<Schema> {
  if (!(asked.headers.get('content-type') ?? '').includes('application/json'))
    throw new EbayRefusal(415, 2_003, 'Unsupported media type', 'ACCESS');
  let json: unknown;
  try {
    json = JSON.parse(asked.text);
  } catch {
    throw refusal;
  }
  const parsed = schema.safeParse(json);
  if (!parsed.success) throw refusal;
  return parsed.data;
}
