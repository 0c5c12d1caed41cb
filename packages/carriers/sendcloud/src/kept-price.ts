import { chargeSchema, moneySchema, type Charge, type Money } from '@quartermaster/domain';
import { z } from 'zod';

/** A price and its parts, which sum to it. */
export type Price = { readonly total: Money; readonly charges: readonly Charge[] };

const keptSchema = z.object({ total: moneySchema, charges: z.array(chargeSchema) });

/** A price as it is saved with a purchase, for the label that comes of it: Sendcloud's shipments name none. */
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
