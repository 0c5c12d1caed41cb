import type { z } from 'zod';

/** What a stored body means: read from this text by this schema, and unchangeable. */
type Parsed<Body> = { readonly schema: z.ZodType<Body>; readonly text: string; readonly body: Body };

/**
 * Bodies of records that were read lately, so that a record that is read again and again on its way is parsed once for each text that it has: an order's case is read ten times and changed
 * five. What is stored is always asked first, and only the same text by the same schema is the same body, so nothing can be out of date.
 */
export type ParsedBodies = {
  /** The body of a text; `parse` makes it when it is not known. It is frozen: several may hold it. */
  of<Body>(name: string, text: string, schema: z.ZodType<Body>, parse: () => Body): Body;
};

/** Characters of texts that are kept in all; what they were parsed to takes some five times as much. */
const charactersKept = 2_000_000;

export function parsedBodies(): ParsedBodies {
  const known = new Map<string, Parsed<unknown>>();
  let characters = 0;
  const forget = (name: string): void => {
    characters -= known.get(name)?.text.length ?? 0;
    known.delete(name);
  };
  return {
    of(name, text, schema, parse) {
      const before = known.get(name);
      const again = before !== undefined && before.text === text && isBy(before, schema);
      const parsed = again ? before : { schema, text, body: frozen(parse()) };
      // What was asked for last goes to the end, so the first is what nobody asked for the longest.
      forget(name);
      known.set(name, parsed);
      characters += text.length;
      for (const [oldest] of known) {
        if (characters <= charactersKept) break;
        forget(oldest);
      }
      return parsed.body;
    },
  };
}

function isBy<Body>(parsed: Parsed<unknown>, schema: z.ZodType<Body>): parsed is Parsed<Body> {
  return parsed.schema === schema;
}

/** Freezes plain data through and through. */
function frozen<Value>(value: Value): Value {
  if (typeof value !== 'object' || value === null || Object.isFrozen(value)) return value;
  Object.freeze(value);
  for (const part of Object.values(value)) frozen(part);
  return value;
}
