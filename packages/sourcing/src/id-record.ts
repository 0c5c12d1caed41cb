import { z } from 'zod';

/**
 * A JSON object whose keys are ids, read key by key, so that every string survives as a key.
 *
 * zod's own record silently leaves out the key `__proto__`; an SKU may be called so. The result carries each key as an own property:
 * read it with `Object.entries` or {@link ownValue}, never by plain indexing.
 */
export function idRecord<Value>(value: z.ZodType<Value>) {
  return z.unknown().transform((input, context): Readonly<Record<string, Value>> => {
    if (typeof input !== 'object' || input === null || Array.isArray(input)) {
      context.issues.push({ code: 'custom', message: 'Invalid input: expected an object of ids', input });
      return z.NEVER;
    }
    const entries: [string, Value][] = [];
    for (const [key, raw] of Object.entries(input)) {
      const parsed = value.safeParse(raw);
      if (parsed.success) entries.push([key, parsed.data]);
      else
        for (const issue of parsed.error.issues)
          context.issues.push({ code: 'custom', message: issue.message, path: [key, ...issue.path], input: raw });
    }
    return Object.fromEntries(entries);
  });
}

/** The value of an own key, whatever the key is called; undefined where the record or the key is absent. */
export function ownValue<Value>(record: Readonly<Record<string, Value>> | undefined, key: string): Value | undefined {
  return record !== undefined && Object.hasOwn(record, key) ? record[key] : undefined;
}
