import { z } from 'zod';
import { InvariantError } from './fault.ts';
import { instantSchema } from './instant.ts';
import { moneySchema } from './money.ts';
import type { EffectRefs } from './safety.ts';

/** A label that a person bought where no program can, as he typed it in. */
export const typedLabelSchema = z.object({
  /** Without spaces, as carriers print it with some. */
  trackingNumber: z
    .string()
    .transform((text) => text.replaceAll(/\s+/g, ''))
    .pipe(z.string().regex(/^[0-9A-Za-z-]{4,60}$/, 'letters, digits and dashes, 4 to 60 of them')),
  trackingUrl: z.url().nullable(),
  /** Null where he does not say: then it costs what the tariff says. */
  price: moneySchema.nullable(),
  typedAt: instantSchema,
});
export type TypedLabel = z.infer<typeof typedLabelSchema>;

/** What is kept with the intent of a purchase, so that its next attempt finds what was typed in. */
export function typedLabelRefs(typed: TypedLabel): EffectRefs {
  return { [typedRef]: JSON.stringify(typed) };
}

/** What was typed in for an intent; null where nobody did. Throws an `InvariantError` for what is damaged. */
export function typedLabelIn(refs: EffectRefs): TypedLabel | null {
  const kept = refs[typedRef];
  if (kept === undefined) return null;
  const typed = typedLabelSchema.safeParse(jsonOf(kept));
  if (!typed.success) throw new InvariantError(`the label that was typed in is damaged: ${typed.error.issues[0]?.message ?? 'unknown'}`);
  return typed.data;
}

const typedRef = 'typedLabel';

function jsonOf(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}
