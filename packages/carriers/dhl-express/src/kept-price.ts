import { chargeSchema, moneySchema } from '@quartermaster/domain';
import { z } from 'zod';
import type { Price } from './charges.ts';

const keptSchema = z.object({ total: moneySchema, charges: z.array(chargeSchema) });

/** A price as it is saved with a purchase, for the label that is found later: tracking names no price. */
export function keptPriceText(price: Price): string {
  return JSON.stringify(price);
}

/** Null where nothing was saved, or something else. */
export function keptPrice(text: string | undefined): Price | null {
  if (text === undefined || text === '') return null;
  try {
    return keptSchema.safeParse(JSON.parse(text)).data ?? null;
  } catch {
    return null;
  }
}
