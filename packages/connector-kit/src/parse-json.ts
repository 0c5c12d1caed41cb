import type { ZodType } from 'zod';

/** What a text says that may be JSON of this shape; null where it is not, as of an answer that was cut off, or of something else in its place. */
export function parseJson<Value>(schema: ZodType<Value>, text: string): Value | null {
  try {
    return schema.safeParse(JSON.parse(text)).data ?? null;
  } catch {
    return null;
  }
}
