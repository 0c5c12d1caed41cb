import { createHash } from 'node:crypto';
import type { ErpProduct, Instant, Sku } from '@quartermaster/domain';
import type { Shipment, ShipmentDraft } from '@quartermaster/fulfilment';
import type { ReadTransaction, Transaction } from '@quartermaster/journal';
import type { Cartonization } from '@quartermaster/parcels';
import { z } from 'zod';
import type { FlowSettings } from '../settings.ts';
import { goodOf } from './goods.ts';

/*
 * The places of units belong to the decision of the wave and are kept with it, in a decision of their own: worked out again they might differ, because boxes, sides and tariffs may have changed since. Equal
 * contents are kept once, a shipment has the name of its packing only, and a wave places a bounded number of units, so the journal grows by a bounded size; old decisions are pruned as all others.
 */

const kind = 'packing';
/** Of a wave. */
const wavePrefix = 'wave:';

const whole = z.int();
/** A unit: line in the order of packing, layer, corner and sides as it lies. Units stand in the order in which they are put in. */
const unitSchema = z.tuple([whole, whole, whole, whole, whole, whole, whole, whole]);
const keptCartonSchema = z.object({ box: z.string().nullable(), priceMinor: whole, units: z.array(unitSchema) });
const outcomeSchema = z.object({ packings: z.record(z.string(), z.array(keptCartonSchema)) });
export type KeptCarton = z.infer<typeof keptCartonSchema>;

/** Keeps what a wave has packed in boxes, with the boxes and goods that it went by; nothing when that is nothing. */
export async function keepPackings(
  tx: Transaction,
  given: {
    readonly wave: string;
    readonly at: Instant;
    readonly settings: FlowSettings;
    readonly product: (sku: Sku) => ErpProduct | undefined;
    readonly drafts: ReadonlyMap<string, readonly ShipmentDraft[]>;
    readonly packings: ReadonlyMap<string, Cartonization>;
  },
): Promise<void> {
  const used = new Set<string>();
  const skus = new Set<string>();
  for (const { packing, lines } of [...given.drafts.values()].flat()) {
    if (packing?.by !== 'boxes') continue;
    used.add(packing.as);
    for (const { sku } of lines) skus.add(sku);
  }
  if (used.size === 0) return;
  const inputs = { boxes: given.settings.boxes, goods: [...skus].sort().map((sku) => goodOf(sku, given)) };
  const packings = Object.fromEntries([...used].map((as) => [as, (given.packings.get(as)?.cartons ?? []).map(keptCarton)]));
  const inputsHash = createHash('sha256').update(JSON.stringify(inputs)).digest('hex');
  const outcome = { packings } satisfies z.infer<typeof outcomeSchema>;
  await tx.decisions.save({ id: decisionOf(given.wave), kind, at: given.at, inputsHash, inputs, outcome });
}

/** The cartons of a shipment as its wave has decided them; null where it was not packed in boxes, or the decision is pruned. */
export async function keptPacking(tx: Pick<ReadTransaction, 'decisions'>, shipment: Shipment): Promise<readonly KeptCarton[] | null> {
  const { packing, plannedBy } = shipment;
  if (packing?.by !== 'boxes') return null;
  const decision = await tx.decisions.get(decisionOf(plannedBy));
  return decision === null ? null : (outcomeSchema.parse(decision.outcome).packings[packing.as] ?? null);
}

function decisionOf(wave: string): string {
  return `${kind}:${wave.startsWith(wavePrefix) ? wave.slice(wavePrefix.length) : wave}`;
}

function keptCarton({ box, price, units }: Cartonization['cartons'][number]): KeptCarton {
  return { box, priceMinor: price.minor, units: units.map(({ item, layer, at, sides }) => [Number(item), layer, ...at, ...sides]) };
}
