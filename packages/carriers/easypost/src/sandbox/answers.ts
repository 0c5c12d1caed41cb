import type { Context } from 'hono';
import type { ZodError } from 'zod';
import { errorJson } from './wire.ts';

/** The second form of an error: its details are plain texts. */
export function notFound(context: Context): Response {
  return context.json({ error: { code: 'NOT_FOUND', errors: [], message: 'The requested resource could not be found.' } }, 404);
}

/** A request that lacks something or has it in a wrong form. */
export function invalid(context: Context, error: ZodError): Response {
  const details = error.issues.map((issue) => ({
    field: issue.path.join('.'),
    message: issue.input === undefined ? 'cannot be blank' : issue.message,
  }));
  return context.json(errorJson('PARAMETER.REQUIRED', 'Missing required parameter.', details), 422);
}

/** Something that cannot be done as things stand. */
export function impossible(context: Context, code: string, message: string): Response {
  return context.json(errorJson(code, message), 422);
}

export async function bodyOf(context: Context): Promise<unknown> {
  try {
    return await context.req.json();
  } catch {
    return undefined;
  }
}

export function originOf(context: Context): string {
  return new URL(context.req.url).origin;
}
