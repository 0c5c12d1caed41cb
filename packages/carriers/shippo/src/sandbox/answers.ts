import type { Context } from 'hono';
import type { ZodError } from 'zod';

/** What is not there is answered with a page. */
export function notFound(context: Context): Response {
  return context.html(`<h1>Not Found</h1><p>The requested URL ${new URL(context.req.url).pathname} was not found on this server.</p>`, 404);
}

/** A request that lacks something or has it in a wrong form: texts by field, as objects in objects where fields are in fields. */
export function invalid(context: Context, error: ZodError): Response {
  const body: Record<string, string[]> = {};
  for (const issue of error.issues) {
    const field = issue.path.map(String).join('.') || (issue.code === 'unrecognized_keys' ? issue.keys.join('.') : '__all__');
    (body[field] ??= []).push(issue.input === undefined && issue.code === 'invalid_type' ? 'This field is required.' : issue.message);
  }
  return context.json(body, 400);
}

/** Something that is wrong with one field. */
export function wrong(context: Context, field: string, message: string): Response {
  return context.json({ [field]: [message] }, 400);
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

/** A page of a list, the newest first, as Shippo writes it. */
export function pageOf<Item>(context: Context, items: readonly Item[], json: (item: Item) => unknown): Response {
  const size = Math.min(100, Math.max(1, Number(context.req.query('results') ?? '25') || 25));
  const page = Math.max(1, Number(context.req.query('page') ?? '1') || 1);
  const end = page * size;
  const url = new URL(context.req.url);
  const other = (number: number) => {
    url.searchParams.set('page', String(number));
    return url.href;
  };
  return context.json({
    next: end < items.length ? other(page + 1) : null,
    previous: page > 1 ? other(page - 1) : null,
    results: items
      .toReversed()
      .slice(end - size, end)
      .map(json),
  });
}
