import { z } from 'zod';
import type { Json } from '../client/client.ts';
import { odooFault } from '../client/exceptions.ts';
import { tableOf } from '../session/import-table.ts';
import type { Session } from '../session/session.ts';
import { demandUnits } from './claim.ts';
import { operation } from './operation.ts';
import { moveOf, openMoves, readTransfer, type Transfer } from './transfer.ts';

/** Units of a lot; of a serial number always 1. */
export type LotUnits = { readonly lot: number; readonly units: number };

/** What came of choosing lots: they are set aside, or one of them has too little. */
export type Chosen =
  | { readonly kind: 'chosen'; readonly transfer: Transfer }
  | { readonly kind: 'short'; readonly lot: number; readonly wanted: number; readonly free: number };

/** Which lots go with a move. */
export type LotChoice = { readonly transfer: number; readonly move: number; readonly lots: readonly LotUnits[] };

/** Lots and serial numbers of what is received, moved and shipped. */
export const lots = {
  /** The lot of a product with this name, made if it is not there: Odoo lets only one lot of a product have a name. */
  ensure: operation(
    'lots.ensure',
    'natural',
    async (session, { product, name }: { readonly product: number; readonly name: string }): Promise<number> => {
      const there = await lotNamed(session, product, name);
      if (there !== null) return there;
      // By import, because early releases of Odoo 18 cannot create lots otherwise. The company is needed until 17.
      const { fields, rows } = tableOf([{ name, 'product_id/.id': String(product), 'company_id/.id': String(session.client.company.id) }]);
      const loaded = await session.client.load('stock.lot', fields, rows, 'never');
      const made = await lotNamed(session, product, name);
      if (made !== null) return made;
      const reason = loaded.kind === 'failed' ? loaded.messages[0]?.text : undefined;
      throw odooFault('refused', 'lots.ensure', `the lot was not made: ${reason ?? 'Odoo gives no reason'}`, {
        advice: 'Is the product tracked by lots?',
      });
    },
  ),
  /**
   * Sets aside these lots for a move instead of those that Odoo chose; the units may be fewer than the demand. Stock is looked at first, because Odoo would take a lot that is not
   * there, and make its stock negative. Throws `refused` for a lot of another product and for a serial number that is taken twice.
   */
  choose: operation('lots.choose', 'natural', (session, choice: LotChoice): Promise<Chosen> =>
    session.inTurn('everything', () => chooseLots(session, choice)),
  ),
  /**
   * Says which lots a receipt brings, by name; Odoo makes those that are new when it is validated. Of serial numbers each has 1 unit. On what goes out names are ignored: choose lots
   * there.
   */
  nameReceived: operation(
    'lots.nameReceived',
    'natural',
    async (session, { transfer: id, move: moveId, lots: named }: NamedLots): Promise<Transfer> => {
      const transfer = await readTransfer(session, id, 'lots.nameReceived');
      const move = moveOf(transfer, moveId, 'lots.nameReceived');
      if (transfer.kind !== 'incoming')
        throw odooFault('refused', 'lots.nameReceived', `${transfer.name} is no receipt, so Odoo ignores names of lots`, {
          advice: 'Choose lots by id.',
        });
      if (!openMoves(transfer).includes(move)) throw odooFault('refused', 'lots.nameReceived', `move ${moveId} is ${move.state}`);
      for (const { units } of named) demandUnits(units, 'lots.nameReceived');
      if (new Set(named.map((each) => each.name)).size !== named.length)
        throw odooFault('invalid-request', 'lots.nameReceived', 'a lot is named twice');
      await refuseBundledSerials(session, move.product, named, 'lots.nameReceived');
      const there = move.lines.map((line) => `${line.lotName} ${line.units}`).sort();
      if (
        there.join('\n') ===
        named
          .map((each) => `${each.name} ${each.units}`)
          .sort()
          .join('\n')
      )
        return transfer;
      const place = { picking_id: transfer.id, product_id: move.product, location_id: transfer.from, location_dest_id: transfer.to };
      await replaceLines(
        session,
        move.id,
        move.lines.map((line) => line.id),
        named.map(({ name, units }) => ({ ...place, quantity: units, lot_name: name })),
      );
      return readTransfer(session, id, 'lots.nameReceived');
    },
  ),
};

const nullable = z.preprocess((value) => (value === false ? null : value), z.int().nullable());
const quantSchema = z.object({
  location_id: z.int(),
  lot_id: nullable,
  package_id: nullable,
  quantity: z.number(),
  reserved_quantity: z.number(),
});

/** Lots that a receipt brings, by name. */
export type NamedLots = {
  readonly transfer: number;
  readonly move: number;
  readonly lots: readonly { readonly name: string; readonly units: number }[];
};

/** See {@link lots.choose}. */
export async function chooseLots(session: Session, { transfer: id, move: moveId, lots: wanted }: LotChoice): Promise<Chosen> {
  const name = 'lots.choose';
  const transfer = await readTransfer(session, id, name);
  const move = moveOf(transfer, moveId, name);
  if (!openMoves(transfer).includes(move)) throw odooFault('refused', name, `move ${moveId} of ${transfer.name} is ${move.state}`);
  for (const { units } of wanted) demandUnits(units, name);
  if (new Set(wanted.map((each) => each.lot)).size !== wanted.length) throw odooFault('invalid-request', name, 'a lot is named twice');
  await refuseBundledSerials(session, move.product, wanted, name);
  const known = await session.odoo.read(
    'stock.lot',
    wanted.map((each) => each.lot),
    ['product_id'],
  );
  if (known.length !== wanted.length || known.some((lot) => lot.product_id !== move.product))
    throw odooFault('refused', name, 'a lot is not of the product of the move', { advice: 'Give lots of this product.' });
  if (isChosen(move.lines, wanted)) return { kind: 'chosen', transfer };
  const quants = await session.client.searchRead(
    'stock.quant',
    {
      domain: [
        ['product_id', '=', move.product],
        ['location_id', 'child_of', transfer.from],
        ['lot_id', 'in', wanted.map((each) => each.lot)],
      ],
      fields: ['location_id', 'lot_id', 'package_id', 'quantity', 'reserved_quantity'],
    },
    quantSchema,
  );
  const place = { picking_id: transfer.id, product_id: move.product, location_dest_id: transfer.to };
  const lines: Json[] = [];
  for (const { lot, units } of wanted) {
    let missing = units;
    for (const quant of quants.filter((each) => each.lot_id === lot)) {
      // What this very move holds is given back when its lines are replaced.
      const own = move.lines
        .filter((line) => line.lot === lot && line.from === quant.location_id && line.package === quant.package_id)
        .reduce((sum, line) => sum + line.units, 0);
      const taken = Math.min(missing, quant.quantity - quant.reserved_quantity + own);
      if (taken <= 0) continue;
      missing -= taken;
      const packed = { package_id: quant.package_id ?? false, result_package_id: quant.package_id ?? false };
      lines.push({ ...place, ...packed, location_id: quant.location_id, lot_id: lot, quantity: taken });
    }
    if (missing > 0) return { kind: 'short', lot, wanted: units, free: units - missing };
  }
  await replaceLines(
    session,
    move.id,
    move.lines.map((line) => line.id),
    lines,
  );
  const after = await readTransfer(session, id, name);
  if (isChosen(moveOf(after, moveId, name).lines, wanted)) return { kind: 'chosen', transfer: after };
  throw odooFault('refused', name, `${after.name} holds other lots than were chosen`, {
    outcome: 'unknown',
    advice: 'Look at the transfer in Odoo.',
  });
}

const lotsOf = (lines: Transfer['moves'][number]['lines']) => {
  const units = new Map<number, number>();
  for (const line of lines) units.set(line.lot ?? 0, (units.get(line.lot ?? 0) ?? 0) + line.units);
  return units;
};

function isChosen(lines: Transfer['moves'][number]['lines'], wanted: readonly LotUnits[]): boolean {
  const there = lotsOf(lines);
  return there.size === wanted.length && wanted.every(({ lot, units }) => there.get(lot) === units);
}

/** Replaces the lines of a move in one write. */
async function replaceLines(session: Session, move: number, old: readonly number[], lines: readonly Json[]): Promise<void> {
  const commands: Json[] = [...old.map((id): Json => [2, id, 0]), ...lines.map((line): Json => [0, 0, line])];
  await session.client.write('stock.move', [move], { move_line_ids: commands });
}

async function refuseBundledSerials(
  session: Session,
  product: number,
  wanted: readonly { readonly units: number }[],
  name: string,
): Promise<void> {
  const [found] = await session.odoo.read('product.product', [product], ['tracking']);
  if (found?.tracking === 'none')
    throw odooFault('refused', name, 'the product is not tracked by lots', { advice: 'Leave lots out, or track the product in Odoo.' });
  if (found?.tracking === 'serial' && wanted.some((each) => each.units !== 1))
    throw odooFault('invalid-request', name, 'a serial number stands for one unit', { advice: 'Name one serial number per unit.' });
}

async function lotNamed(session: Session, product: number, name: string): Promise<number | null> {
  const [lot] = await session.odoo.searchRead(
    'stock.lot',
    [
      ['product_id', '=', product],
      ['name', '=', name],
    ],
    [],
    { limit: 1 },
  );
  return lot?.id ?? null;
}
