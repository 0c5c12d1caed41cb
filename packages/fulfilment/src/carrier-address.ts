import { z } from 'zod';

const badVerdicts = ['corrected', 'ambiguous', 'invalid'] as const;

/** Whether carriers are asked before a wave if they know the places that orders go to, and which of their answers hold an order. Their `unsupported`, and no answer in time, hold none. */
export const carrierAddressPolicySchema = z
  .strictObject({
    /** Connections of carriers, in this order: the first that checks addresses of the country says. Nobody: addresses are checked by their form only. */
    askedOf: z.array(z.string().min(1)).default([]),
    /** `invalid`: no such place; `ambiguous`: it may be several; `corrected`: the carrier knows it by other words. */
    holdOn: z.array(z.enum(badVerdicts)).default(['invalid']),
    /** Addresses that one wave has asked about at most. */
    mostAsked: z.int().positive().default(500),
    /** A wave waits no longer for their answers. */
    withinSeconds: z.int().positive().max(600).default(30),
  })
  .prefault({});
export type CarrierAddressPolicy = z.infer<typeof carrierAddressPolicySchema>;

/** What a carrier said of an address, without the address. */
export type KnownAddress = { readonly carrier: string; readonly kind: string; readonly messages: readonly string[] };

/** What a carrier's word on an address has against shipping there; null where nothing, or where the policy does not mind. */
export function carrierAddressProblem(known: KnownAddress | null, { holdOn }: CarrierAddressPolicy): string | null {
  const kind = holdOn.find((each) => each === known?.kind);
  if (known === null || kind === undefined) return null;
  return [`${known.carrier} ${words[kind]}`, ...known.messages].join(': ');
}

const words: Record<(typeof badVerdicts)[number], string> = {
  corrected: 'knows this place by other words',
  ambiguous: 'knows several places that may be meant',
  invalid: 'knows no such place',
};
