import type { Context } from 'hono';
import type { ZodType } from 'zod';

export type Refusal = { readonly status: number; readonly code: string; readonly detail: string; readonly pointer?: string };

/** An error in Sendcloud's JSON:API form. */
export function refuse({ status, code, detail, pointer }: Refusal, headers: Readonly<Record<string, string>> = {}): Response {
  const error = { status: String(status), code, detail, ...(pointer === undefined ? {} : { source: { pointer } }) };
  return Response.json({ errors: [error] }, { status, headers });
}

export function notFound(): Response {
  return refuse({ status: 404, code: 'not_found', detail: 'Not found' });
}

/** An error in the form of returns. */
export function refuseReturn({ status, code, detail }: Refusal): Response {
  return Response.json({ error: { code, request: 'api/v3/returns', message: detail } }, { status });
}

/** The body of a request that keeps to its schema, or the refusal of one that does not, which names the first field that is wrong. */
export async function bodyOf<Body>(
  context: Context,
  schema: ZodType<Body>,
): Promise<{ readonly data: Body } | { readonly refusal: Refusal }> {
  let json: unknown;
  try {
    json = await context.req.json();
  } catch {
    return { refusal: { status: 400, code: 'parse_error', detail: 'JSON parse error' } };
  }
  const parsed = schema.safeParse(json);
  if (parsed.success) return { data: parsed.data };
  const [issue] = parsed.error.issues;
  return {
    refusal: { status: 400, code: 'validation_error', detail: issue?.message ?? 'invalid', pointer: `/${issue?.path.join('/') ?? ''}` },
  };
}
