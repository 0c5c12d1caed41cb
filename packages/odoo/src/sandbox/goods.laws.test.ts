import * as fc from 'fast-check';
import { isFault } from '@quartermaster/domain';
import { z } from 'zod';
import { expect, test } from 'vitest';
import { firstMove, floorOf } from '../testing/behaviour/floor.ts';
import { sandboxTarget } from '../testing/behaviour/target.ts';
import { openWorkbench, type Workbench } from '../testing/behaviour/workbench.ts';

const step = fc.record({
  kind: fc.constantFrom(
    'order',
    'ship',
    'pack',
    'choose',
    'hold',
    'scrap',
    'count',
    'return',
    'receive',
    'unreserve',
    'reserve',
    'cancel',
    'batch',
  ),
  /** Which of the deliveries, lots and places. */
  which: fc.nat({ max: 3 }),
  units: fc.integer({ min: 1, max: 4 }),
});
type Step = typeof step extends fc.Arbitrary<infer S> ? S : never;

/** What happened so far in a scenario: one product with three lots on the shelf. */
type Scene = {
  readonly product: number;
  readonly lots: readonly number[];
  readonly hold: number;
  deliveries: number[];
  returns: number[];
  used: number;
};

test.each([17, 18, 19] as const)(
  'whatever is done to goods with lots and packages in Odoo %i, none appear or vanish, and what is set aside is what open transfers hold',
  async (version) => {
    const bench = await openWorkbench(sandboxTarget(version, 'json-rpc'));
    const floor = floorOf(bench);
    await fc.assert(
      fc.asyncProperty(fc.array(step, { maxLength: 15 }), async (steps) => {
        const { id, lots } = await floor.tracked('lot', [4, 3, 2]);
        const scene: Scene = {
          product: id,
          lots: lots.map((lot) => lot.id),
          hold: await floor.place(),
          deliveries: [],
          returns: [],
          used: 0,
        };
        for (const each of steps) await attempt(bench, scene, each);
        expect(await wrongInBooks(bench, id)).toEqual([]);
      }),
      { numRuns: 25, seed: 7 },
    );
  },
);

/** Most steps do not fit what happened before, and are refused. */
async function attempt(bench: Workbench, scene: Scene, each: Step): Promise<void> {
  try {
    await act(bench, scene, each);
  } catch (error) {
    if (!isFault(error) || error.facts.outcome !== 'not-applied') throw error;
  }
}

async function act(bench: Workbench, scene: Scene, { kind, which, units }: Step): Promise<void> {
  const { operations, node, unique } = bench;
  const { product } = scene;
  const shelf = node('QME').lot_stock_id;
  const lot = scene.lots[which % scene.lots.length] ?? 0;
  if (kind === 'order') scene.deliveries.push((await floorOf(bench).delivery([{ product, units }])).id);
  if (kind === 'hold')
    await operations.transfers.move({
      key: unique('hold'),
      from: shelf,
      to: scene.hold,
      lines: [{ product, units, lots: [{ lot, units }] }],
    });
  if (kind === 'scrap') await operations.scrap.scrap({ key: unique('scrap'), product, units, location: shelf, lot });
  if (kind === 'count') await operations.counts.apply([{ product, location: shelf, lot, units }]);
  const back = scene.returns[which % Math.max(1, scene.returns.length)];
  if (kind === 'receive' && back !== undefined) await operations.returns.receive({ transfer: back });
  const delivery = scene.deliveries[which % Math.max(1, scene.deliveries.length)];
  if (delivery === undefined) return;
  const move = firstMove(await operations.deliveries.read(delivery)).id;
  if (kind === 'ship') await operations.deliveries.ship([{ delivery, units: [{ move, units }] }]);
  if (kind === 'pack') await operations.packing.pack({ delivery, parcels: [{ key: unique('parcel'), contents: [{ move, units }] }] });
  if (kind === 'choose') await operations.lots.choose({ transfer: delivery, move, lots: [{ lot, units }] });
  if (kind === 'reserve') await operations.deliveries.reserve(delivery);
  if (kind === 'unreserve') await operations.deliveries.unreserve(delivery);
  if (kind === 'cancel') await operations.deliveries.cancel(delivery);
  if (kind === 'batch') await operations.waves.finish((await operations.waves.batch({ key: unique('batch'), transfers: [delivery] })).id);
  if (kind === 'return')
    scene.returns.push((await operations.returns.create({ key: unique('return'), delivery, lines: [{ move, units }], to: scene.hold })).id);
}

const idOrFalse = z.union([z.int(), z.literal(false)]);
const quantSchema = z.object({
  location_id: z.int(),
  lot_id: idOrFalse,
  package_id: idOrFalse,
  quantity: z.number(),
  reserved_quantity: z.number(),
});
const lineSchema = z.object({ location_id: z.int(), lot_id: idOrFalse, package_id: idOrFalse, quantity: z.number(), state: z.string() });

/** What does not add up, in words. */
async function wrongInBooks({ client }: Workbench, product: number): Promise<string[]> {
  const wrong: string[] = [];
  const domain = [['product_id', '=', product]];
  const quants = await client.searchRead(
    'stock.quant',
    { domain, fields: ['location_id', 'lot_id', 'package_id', 'quantity', 'reserved_quantity'] },
    quantSchema,
  );
  const lines = await client.searchRead(
    'stock.move.line',
    { domain, fields: ['location_id', 'lot_id', 'package_id', 'quantity', 'state'] },
    lineSchema,
  );
  const places = await client.searchRead(
    'stock.location',
    { domain: [['usage', '=', 'internal']], fields: ['id'] },
    z.object({ id: z.int() }),
  );
  const ours = new Set(places.map((place) => place.id));
  // What was counted came from the place for adjustments, which went below zero by it.
  const total = quants.reduce((sum, quant) => sum + quant.quantity, 0);
  if (total !== 0) wrong.push(`all places together hold ${total}, not the nothing that there was before the first count`);
  for (const quant of quants.filter((each) => ours.has(each.location_id))) {
    const isSame = (line: z.infer<typeof lineSchema>) =>
      line.location_id === quant.location_id && line.lot_id === quant.lot_id && line.package_id === quant.package_id;
    const held = lines
      .filter((line) => isSame(line) && line.state !== 'done' && line.state !== 'cancel')
      .reduce((sum, line) => sum + line.quantity, 0);
    const name = `lot ${quant.lot_id} at ${quant.location_id}`;
    if (held !== quant.reserved_quantity) wrong.push(`${name} has ${quant.reserved_quantity} set aside, transfers hold ${held}`);
    if (quant.reserved_quantity < 0 || quant.reserved_quantity > quant.quantity)
      wrong.push(`${name} has ${quant.reserved_quantity} of ${quant.quantity} set aside`);
  }
  return wrong;
}
