import { z } from 'zod';
import type { Json } from '../client/client.ts';
import { odooFault } from '../client/exceptions.ts';
import { tableOf } from '../session/import-table.ts';
import { recordNamed } from '../session/look-up.ts';
import type { Session } from '../session/session.ts';
import { claim, demandUnits } from './claim.ts';
import { documentXid } from './documents.ts';
import { operation } from './operation.ts';
import { moveOf, openMoves, readTransfer, type Transfer, type TransferLine } from './transfer.ts';

/** A parcel to be packed. */
export type ParcelToPack = {
  /** The caller's name for this parcel: the same on every attempt. */
  readonly key: string;
  /** What stands on it, such as an SSCC; default Odoo's next number. */
  readonly name?: string;
  /** Odoo's id of the kind of package. */
  readonly type?: number;
  /** What the scales say, box and all. */
  readonly grams?: number;
  /** What goes in: units of moves, where they have lots of one lot each. */
  readonly contents: readonly { readonly move: number; readonly units: number; readonly lot?: number }[];
};

/** A package that goods of a delivery leave in. */
export type Parcel = {
  readonly package: number;
  readonly name: string;
  readonly type: number | null;
  /** 0 when nobody weighed it. */
  readonly grams: number;
  readonly contents: readonly { readonly move: number; readonly product: number; readonly lot: number | null; readonly units: number }[];
};

/** The parcels of a delivery, and units of its moves that are in none. */
export type Packed = { readonly parcels: readonly Parcel[]; readonly loose: readonly { readonly move: number; readonly units: number }[] };

const name = 'packing.pack';

/** Packages of deliveries that have not left. Odoo's own button is not used: where a carrier is set it asks a person, and it packs all or nothing. */
export const packing = {
  /**
   * Packs goods that are set aside into parcels, in one write; a line that goes into several is split. A parcel whose key was packed before is found, and nothing is packed twice.
   * Throws `refused` when less is set aside and loose than is to be packed; then nothing is packed.
   */
  pack: operation(
    name,
    'claim',
    async (session, request: { readonly delivery: number; readonly parcels: readonly ParcelToPack[] }): Promise<Packed> => {
      for (const { units } of request.parcels.flatMap((parcel) => parcel.contents)) demandUnits(units, name);
      const before = await readTransfer(session, request.delivery, name);
      if (before.state === 'done' || before.state === 'cancel') {
        const packed = await packedIn(session, before);
        const keys = await Promise.all(request.parcels.map((parcel) => knownPackage(session, parcel)));
        if (before.state === 'done' && keys.every((each) => packed.parcels.some((parcel) => parcel.package === each))) return packed;
        throw odooFault('refused', name, `${before.name} is ${before.state}`, { advice: 'Only what has not left can be packed.' });
      }
      // What is there is looked at before any package is made; one that is still to be made has a number that no package has.
      const known = [];
      for (const [index, parcel] of request.parcels.entries())
        known.push({ ...parcel, package: (await knownPackage(session, parcel)) ?? -1 - index });
      plan(before, known, new Set(known.map((parcel) => parcel.package)));
      const parcels = [];
      for (const parcel of request.parcels) parcels.push({ ...parcel, package: await packageOf(session, parcel) });
      const ours = new Set(parcels.map((parcel) => parcel.package));
      const commands = plan(before, parcels, ours);
      if (commands.length > 0) await session.client.write('stock.picking', [before.id], { move_ids: commands });
      const after = await packedIn(session, await readTransfer(session, before.id, name));
      for (const parcel of parcels) verify(after, parcel);
      return after;
    },
  ),
  /** What of a delivery is in which package. */
  contents: operation('packing.contents', 'natural', async (session, delivery: number): Promise<Packed> =>
    packedIn(session, await readTransfer(session, delivery, 'packing.contents')),
  ),
  /** Takes goods of a delivery out of packages again; the packages stay, empty. */
  unpack: operation(
    'packing.unpack',
    'natural',
    async (session, { delivery, packages }: { readonly delivery: number; readonly packages: readonly number[] }) => {
      const transfer = await readTransfer(session, delivery, 'packing.unpack');
      if (transfer.state === 'done')
        throw odooFault('refused', 'packing.unpack', `${transfer.name} has left`, { advice: 'Unpack what has not left.' });
      const lines = transfer.moves.flatMap((move) => move.lines).filter((line) => line.into !== null && packages.includes(line.into));
      if (lines.length > 0)
        await session.client.write(
          'stock.move.line',
          lines.map((line) => line.id),
          { result_package_id: false },
        );
      return packedIn(session, await readTransfer(session, delivery, 'packing.unpack'));
    },
  ),
};

function knownPackage(session: Session, parcel: ParcelToPack): Promise<number | null> {
  return recordNamed(session, session.vocabulary.packageModel, documentXid('package', parcel.key));
}

async function packageOf(session: Session, parcel: ParcelToPack): Promise<number> {
  const externalId = documentXid('package', parcel.key);
  const { id } = await claim(session, session.vocabulary.packageModel, externalId, () =>
    tableOf([
      {
        id: externalId,
        ...(parcel.name === undefined ? {} : { name: parcel.name }),
        'package_type_id/.id': parcel.type === undefined ? '' : String(parcel.type),
        shipping_weight: String((parcel.grams ?? 0) / 1_000),
      },
    ]),
  );
  return id;
}

type Target = ParcelToPack & { readonly package: number };

/** Commands that bring the lines of the moves to what the parcels ask; none when they are there. Throws `refused` when there is too little. */
function plan(transfer: Transfer, parcels: readonly Target[], ours: ReadonlySet<number>): Json[] {
  const commands = new Map<number, Json[]>();
  const left = new Map(transfer.moves.flatMap((move) => move.lines.map((line) => [line.id, line.units] as const)));
  // New lines after the changed ones: what a line gives up must be free before another takes it.
  const changed = new Map<number, Record<string, Json>>();
  const added = new Map<number, Json[]>();
  for (const parcel of parcels) {
    for (const content of parcel.contents) {
      const move = moveOf(transfer, content.move, name);
      if (!openMoves(transfer).includes(move)) throw odooFault('refused', name, `move ${move.id} of ${transfer.name} is ${move.state}`);
      const fits = (line: TransferLine) => content.lot === undefined || line.lot === content.lot;
      let missing = content.units;
      for (const line of move.lines.filter((each) => each.into === parcel.package && fits(each))) missing -= line.units;
      if (missing < 0) {
        throw odooFault('conflict', name, `parcel ${parcel.key} holds more of move ${move.id} than it should`, {
          advice: 'Unpack it, then pack it again.',
        });
      }
      for (const line of move.lines.filter((each) => isLoose(each, ours) && fits(each))) {
        const there = left.get(line.id) ?? 0;
        const taken = Math.min(there, missing);
        if (taken <= 0) continue;
        missing -= taken;
        left.set(line.id, there - taken);
        if (taken === line.units) changed.set(line.id, { result_package_id: parcel.package });
        else {
          changed.set(line.id, { quantity: there - taken });
          added.set(move.id, [...(added.get(move.id) ?? []), [0, 0, partOf(transfer, move.product, line, taken, parcel.package)]]);
        }
      }
      if (missing <= 0) continue;
      throw odooFault(
        'refused',
        name,
        `${content.units - missing} units of move ${move.id} are set aside and loose, not ${content.units}`,
        {
          advice: 'Reserve the delivery, or take the goods out of the package that they are in.',
        },
      );
    }
  }
  for (const move of transfer.moves) {
    const lines = move.lines.flatMap((line): Json[] => {
      const values = changed.get(line.id);
      if (values === undefined) return [];
      // A line that was taken bit by bit goes with its last bit.
      return left.get(line.id) === 0 && values['quantity'] === 0 ? [[2, line.id, 0]] : [[1, line.id, values]];
    });
    const all = [...lines, ...(added.get(move.id) ?? [])];
    if (all.length > 0) commands.set(move.id, all);
  }
  return [...commands].map(([id, lines]) => [1, id, { move_line_ids: lines }]);
}

/** Goods in a package of the warehouse's own leave in it, and may be repacked; those in a parcel of this call are where they belong. */
function isLoose(line: TransferLine, ours: ReadonlySet<number>): boolean {
  return line.into === null || (line.into === line.package && !ours.has(line.into));
}

function partOf(transfer: Transfer, product: number, line: TransferLine, units: number, into: number): Json {
  return {
    picking_id: transfer.id,
    product_id: product,
    quantity: units,
    location_id: line.from,
    location_dest_id: line.to,
    lot_id: line.lot ?? false,
    package_id: line.package ?? false,
    result_package_id: into,
  };
}

function verify(packed: Packed, { key, package: wanted, contents }: Target): void {
  const parcel = packed.parcels.find((each) => each.package === wanted);
  const units = (parcel?.contents ?? []).reduce((sum, content) => sum + content.units, 0);
  if (units === contents.reduce((sum, content) => sum + content.units, 0)) return;
  throw odooFault('refused', name, `parcel ${key} holds ${units} units after packing`, {
    outcome: 'unknown',
    advice: 'Look at the delivery in Odoo.',
  });
}

const packageSchema = z.object({
  id: z.int(),
  name: z.string(),
  package_type_id: z.preprocess((value) => (value === false ? null : value), z.int().nullable()),
  shipping_weight: z.number(),
});

async function packedIn(session: Session, transfer: Transfer): Promise<Packed> {
  const lines = transfer.moves.flatMap((move) => move.lines.map((line) => ({ move: move.id, product: move.product, ...line })));
  const ids = [...new Set(lines.flatMap((line) => line.into ?? []))];
  const fields = ['name', 'package_type_id', 'shipping_weight'];
  const rows =
    ids.length === 0
      ? []
      : await session.client.searchRead(session.vocabulary.packageModel, { domain: [['id', 'in', ids]], fields }, packageSchema);
  return {
    parcels: rows.map((row) => ({
      package: row.id,
      name: row.name,
      type: row.package_type_id,
      grams: Math.round(row.shipping_weight * 1_000),
      contents: lines.filter((line) => line.into === row.id).map(({ move, product, lot, units }) => ({ move, product, lot, units })),
    })),
    loose: lines.filter((line) => line.into === null).map(({ move, units }) => ({ move, units })),
  };
}
