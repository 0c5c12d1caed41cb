import type { Gathered } from '@quartermaster/connector-kit';
import { isFault, type EffectMemo, type ErpDelivery, type ErpShipment } from '@quartermaster/domain';
import { orderXid } from '../session/external-id.ts';
import { tableOf, written, type Cells } from '../session/import-table.ts';
import type { Session } from '../session/session.ts';
import { turnsAtNode } from './order-turns.ts';
import { deliveryIfDone, idsOf, noteOf, openMoves, planShipment, sendOut, ship, validate, type ReadyShipment } from './ship.ts';
import { trackingText } from './translate.ts';

export type WantedShipment = { readonly request: ErpShipment; readonly memo: EffectMemo };

/** Shipments of one transaction: Odoo holds what it touches until the end, and takes a tenth of a second or more for each. */
export const shipmentsPerCall = 50;

/**
 * Ships many as {@link ship} does one, in as few calls: one reading, one import of tracking numbers, one marking of what goes, one validation, one reading back. Each has an outcome of its own, in the order
 * of asking. When Odoo refuses, it refuses all of a transaction: then its halves go one after the other, down to the one that was meant. Of an order only one shipment goes at a time.
 */
export async function shipTogether(session: Session, wanted: readonly WantedShipment[]): Promise<Gathered<ErpDelivery>[]> {
  const outcomes = new Map<WantedShipment, Gathered<ErpDelivery>>();
  const rounds: WantedShipment[][] = [];
  for (const each of wanted) {
    const isOfOrder = (other: WantedShipment) => orderXid(other.request.key) === orderXid(each.request.key);
    const round = rounds.find((others) => !others.some(isOfOrder));
    if (round === undefined) rounds.push([each]);
    else round.push(each);
  }
  for (const round of rounds) {
    const keys = (await Promise.all(round.map(({ request }) => turnsAtNode(session, request.key, request.node)))).flat();
    await session.inTurn(keys, async () => {
      const [first, ...others] = round;
      if (first === undefined) return;
      if (others.length > 0) await shipRound(session, round, outcomes);
      else outcomes.set(first, await outcomeOf(() => ship(session, first.request, first.memo)));
    });
  }
  return wanted.flatMap((each) => outcomes.get(each) ?? []);
}

type Outcomes = Map<WantedShipment, Gathered<ErpDelivery>>;
type Ready = { readonly wanted: WantedShipment; readonly shipment: ReadyShipment };

async function shipRound(session: Session, round: readonly WantedShipment[], outcomes: Outcomes): Promise<void> {
  const ready = await Promise.all(
    round.map(async (wanted): Promise<Ready | null> => {
      const planned = await outcomeOf(() => planShipment(session, wanted.request, wanted.memo));
      if (planned.kind === 'fault') outcomes.set(wanted, planned);
      else if (planned.result.kind === 'gone') outcomes.set(wanted, { kind: 'result', result: planned.result.delivery });
      else return { wanted, shipment: planned.result };
      return null;
    }),
  );
  await sendAll(
    session,
    ready.filter((each) => each !== null),
    outcomes,
  );
}

async function sendAll(session: Session, ready: readonly Ready[], outcomes: Outcomes): Promise<void> {
  const [first, ...others] = ready;
  if (first === undefined) return;
  if (others.length === 0) {
    outcomes.set(first.wanted, await outcomeOf(() => sendOut(session, first.shipment)));
    return;
  }
  try {
    await markAll(
      session,
      ready.map(({ shipment }) => shipment),
    );
    await validate(
      session,
      ready.flatMap(({ shipment }) => idsOf(shipment)),
    );
  } catch (fault) {
    if (isOfOneOrder(fault)) {
      const half = Math.ceil(ready.length / 2);
      await sendAll(session, ready.slice(0, half), outcomes);
      await sendAll(session, ready.slice(half), outcomes);
    } else for (const { wanted } of ready) outcomes.set(wanted, { kind: 'fault', fault });
    return;
  }
  const seen = await Promise.all(ready.map(({ shipment }) => outcomeOf(() => deliveryIfDone(session, shipment))));
  for (const [index, each] of ready.entries()) {
    const outcome = seen[index];
    if (outcome === undefined) continue;
    if (outcome.kind === 'result' && outcome.result !== null) outcomes.set(each.wanted, { kind: 'result', result: outcome.result });
    else if (outcome.kind === 'fault') outcomes.set(each.wanted, outcome);
    // Left as it was without a word: alone, Odoo says why.
    else outcomes.set(each.wanted, await outcomeOf(() => sendOut(session, each.shipment)));
  }
}

/** What Odoo refused as it is, and undid: it may be about one of many. */
function isOfOneOrder(error: unknown): boolean {
  return isFault(error) && error.facts.outcome === 'not-applied' && error.facts.retry.kind === 'never';
}

/** Tracking numbers and carrier, which every delivery has of its own, in one import; what goes is marked in one write. Quantities that change are written one by one. */
async function markAll({ client, vocabulary }: Session, ready: readonly ReadyShipment[]): Promise<void> {
  const parts = ready.flatMap(({ request, parts: own }) => own.map((part) => ({ ...part, request })));
  const records = parts.map(({ picking, request }): Cells => {
    const note = noteOf(picking, request);
    return {
      '.id': String(picking.id),
      ...(vocabulary.tracking ? { carrier_tracking_ref: trackingText(request.trackingNumbers) } : {}),
      ...(note === null ? {} : { note }),
    };
  });
  for (const alike of Map.groupBy(records, (record) => Object.keys(record).join()).values()) {
    const table = tableOf(alike);
    if (table.fields.length > 1) written(await client.load('stock.picking', table.fields, table.rows, 'always'), 'stock.picking.load');
  }
  const moves = parts.flatMap(({ picking, units }) => openMoves(picking).map((move) => ({ move, going: units.get(move.id) ?? 0 })));
  const whole = moves.filter(({ move, going }) => going > 0 && going === move.quantity).map(({ move }) => move.id);
  const staying = moves.filter(({ going }) => going === 0).map(({ move }) => move.id);
  if (whole.length > 0) await client.write('stock.move', whole, { picked: true });
  if (staying.length > 0) await client.write('stock.move', staying, { picked: false });
  for (const { move, going } of moves)
    if (going > 0 && going !== move.quantity) await client.write('stock.move', [move.id], { quantity: going, picked: true });
}

async function outcomeOf<Result>(work: () => Promise<Result>): Promise<Gathered<Result>> {
  try {
    return { kind: 'result', result: await work() };
  } catch (fault) {
    return { kind: 'fault', fault };
  }
}
