import type { Context } from 'hono';
import type { ZodType } from 'zod';
import { errorsJson } from './answers.ts';
import type { Refusal } from './state.ts';

/** The body of a request that keeps to its schema, or the refusal of one that does not, which names the first field that is wrong. */
export async function bodyOf<Body>(
  context: Context,
  schema: ZodType<Body>,
): Promise<{ readonly data: Body } | { readonly refusal: Refusal }> {
  let json: unknown;
  try {
    json = await context.req.json();
  } catch {
    return { refusal: invalid('', 'A request body is required.', 'request_body_required') };
  }
  const parsed = schema.safeParse(json);
  if (parsed.success) return { data: parsed.data };
  const [issue] = parsed.error.issues;
  return { refusal: invalid(issue?.path.join('.') ?? '', issue?.message ?? 'invalid') };
}

export function invalid(field: string, message: string, code = 'invalid_field_value'): Refusal {
  return { status: 400, source: 'shipengine', type: 'validation', code, message, field };
}

/** An error in ShipEngine's form. */
export function refuse({ status, ...error }: Refusal, headers: Readonly<Record<string, string>> = {}): Response {
  return Response.json(errorsJson(error), { status, headers });
}

export function notFound(): Response {
  return refuse({
    status: 404,
    source: 'shipengine',
    type: 'business_rules',
    code: 'invalid_identifier',
    message: 'There is no such resource.',
  });
}
