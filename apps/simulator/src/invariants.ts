import { moneyFromDecimal, type Instant } from '@quartermaster/domain';
import { isLive, openLines, wantsSourcing, type OrderCase } from '@quartermaster/fulfilment';
import type { Intent, ReadTransaction } from '@quartermaster/journal';
import { z } from 'zod';
import { readBooks, type Books } from './books.ts';
import { moneyTaken, takenOn } from './channel-rules.ts';
import type { People, PlacedOrder } from './people.ts';
import type { StockWatch } from './stock-watch.ts';
import { placeOf, type World } from './world.ts';

/** What was not as it must be, and what it was about. */
export type Violation = { readonly rule: string; readonly about: string };

type Rule = (books: Books) => string[];

/** What must hold when a day has settled, of journal, ERP, channels and carrier together. */
const rules: Readonly<Record<string, Rule>> = {
  'every order has ended or waits with a code': unsettledOrders,
  'who is told to stop ends what is under way': (books) =>
    books.intents.filter(({ state }) => underWay.has(state)).map(({ key, state }) => `${key} is ${state}`),
  'every order is in Odoo exactly once, and every order there is ours': ordersInOdoo,
  'every label is bought once or given back, and none is paid and forgotten': labels,
  'every shipment is confirmed to its channel exactly once': confirmations,
  'money agrees to the cent': money,
  'every order is taken on in its shop': takenOn,
  'nothing leaves whose authorized money was not taken': moneyTaken,
};

const underWay = new Set(['leased', 'sent', 'unknown']);
const moving = new Set(['planned', 'ready', ...underWay]);

/** What still has to come to its end; empty when the day has settled. */
export async function stillMoving(
  tx: ReadTransaction,
  { world, people, stock }: { world: World; people: People; stock: StockWatch },
): Promise<string[]> {
  const books = await readBooks(tx, world, people.placed.values());
  return [
    ...books.intents
      .filter((intent) => moving.has(intent.state) && !waitsBehindDead(intent, books))
      .map(({ key, state }) => `${key} is ${state}`),
    ...unsettledOrders(books),
    ...stock.beyondNow(),
  ];
}

/** All rules, over a day that has ended. `unsettled` is what was still moving when nobody waited any longer; what a publication planned in the moment of the stop is for the next start. */
export async function invariantsOf(
  tx: ReadTransaction,
  {
    world,
    people,
    stock,
    toldToStop,
    unsettled,
    now,
  }: { world: World; people: People; stock: StockWatch; toldToStop: ReadonlySet<string>; unsettled: readonly string[]; now: Instant },
): Promise<Violation[]> {
  const books = await readBooks(tx, world, people.placed.values());
  const verdict = await tx.audit.verifyChain();
  const leases = (await tx.leases.list()).filter(({ holder, until }) => holder !== null && toldToStop.has(holder) && until > now);
  return [
    ...Object.entries(rules).flatMap(([rule, find]) => find(books).map((about) => ({ rule, about }))),
    ...unsettled.map((about) => ({ rule: 'nothing that was to be carried out is left over', about })),
    ...goods(books, world).map((about) => ({ rule: 'stock is conserved', about })),
    ...stock.violations().map((about) => ({ rule: 'no more is published than may be promised, beyond the declared window', about })),
    ...(verdict.kind === 'whole' ? [] : [{ rule: 'the audit chain is whole', about: `row ${verdict.seq}: ${verdict.reason}` }]),
    ...leases.map(({ name, holder }) => ({ rule: 'who stops gives its leases back', about: `${name} is held by ${holder}` })),
  ];
}

/** A dead intent waits for a person, and with it what comes after it in its order. */
function waitsBehindDead({ id, orderKey, state }: Intent, { intents }: Books): boolean {
  return state === 'ready' && intents.some((other) => other.orderKey === orderKey && other.id < id && other.state === 'dead');
}

function unsettledOrders(books: Books): string[] {
  return books.placed.flatMap((placed) => {
    const found = books.cases.get(placed.key);
    const shot = books.inShop(placed);
    if (found === undefined) return shot.cancelledAt === null ? [`${named(placed)} never came to the journal`] : [];
    const codes = [
      ...found.holds.map(({ code }) => code),
      ...books.exceptions
        .filter(({ subjectKey }) => subjectKey === placed.key || subjectKey.startsWith(`${placed.key}/`))
        .map(({ code }) => code),
      ...(waitsForGoods(books, found) ? ['waits for goods'] : []),
    ];
    return hasEnded(found) || codes.length > 0 ? [] : [`${named(placed)} is ${standing(found)} and nobody is told why`];
  });
}

function hasEnded(given: OrderCase): boolean {
  if (given.state === 'cancelled') return true;
  return given.state === 'shipped' && given.shipments.filter(isLive).every(({ state }) => state === 'confirmed');
}

/**
 * Every line of it that has no node yet wants more than any one warehouse has free, what others were promised there taken off, and what a person said that it must not leave from left out: such an
 * order stands in the backlog until goods come.
 */
function waitsForGoods({ odoo, cases }: Books, given: OrderCase): boolean {
  if (!wantsSourcing(given)) return false;
  const planned = [...cases.values()].flatMap(({ shipments }) => shipments).filter(({ state }) => state === 'planned');
  const plannedUnits = (wanted: string, warehouse: string) =>
    planned
      .filter(({ node }) => node === warehouse)
      .flatMap(({ lines }) => lines)
      .reduce((sum, { sku, units }) => sum + (sku === wanted ? units : 0), 0);
  const forbidden = given.overrides.flatMap((each) =>
    each.kind === 'forbid' && each.until === null && each.service === null ? [each.node] : [],
  );
  return openLines(given).every(({ sku, units }) =>
    odoo.quants
      .filter((quant) => quant.sku === sku && !forbidden.includes(quant.warehouse))
      .every(({ quantity, reserved, warehouse }) => quantity - reserved - plannedUnits(sku, warehouse) < units),
  );
}

function standing({ state, shipments }: OrderCase): string {
  return `${state} (${shipments.map((each) => `${each.node} ${each.state}${each.released ? '' : ', not released'}`).join('; ') || 'no shipment'})`;
}

function ordersInOdoo(books: Books): string[] {
  const known = new Set(books.placed.flatMap((placed) => books.inOdoo(placed)).map(({ name }) => name));
  const strange = books.odoo.orders
    .filter(({ name }) => !known.has(name))
    .map(({ name }) => `${name} in Odoo stands for no order of a channel`);
  const wrong = books.placed.flatMap((placed) => {
    const found = books.cases.get(placed.key);
    const there = books.inOdoo(placed).length;
    if (there > 1) return [`${named(placed)} is in Odoo ${there} times`];
    const left = found?.shipments.some(({ state }) => state === 'shipped' || state === 'confirmed') ?? false;
    return left && there === 0 ? [`${named(placed)} was shipped and is not in Odoo`] : [];
  });
  return [...strange, ...wrong];
}

function labels(books: Books): string[] {
  const recorded = new Map<string, { order: string; live: boolean; priceMinor: number }>();
  const twice: string[] = [];
  for (const { key, shipments } of books.cases.values())
    for (const shipment of shipments) {
      for (const { label, parcel } of shipment.labels) {
        if (recorded.has(label.ref)) twice.push(`label ${label.trackingNumber} stands on two parcels, one of ${key}`);
        recorded.set(label.ref, { order: key, live: true, priceMinor: label.price.minor });
        if (shipment.labels.filter((each) => each.parcel === parcel).length > 1)
          twice.push(`parcel ${parcel} of ${key} has two live labels`);
      }
      for (const { label, outcome } of shipment.withdrawn)
        recorded.set(label.ref, { order: key, live: outcome === 'refused', priceMinor: label.price.minor });
    }
  const open = new Set(
    books.intents
      .filter(({ kind, state }) => (kind === 'buy-label' || kind === 'void-label') && (state === 'dead' || state === 'failed'))
      .map(({ key }) => key),
  );
  const wrong = books.easypost.labels.flatMap((label) => {
    const ours = recorded.get(label.shipmentId);
    const givenBack = label.refundStatus !== null;
    if (ours === undefined) {
      const told = label.reference !== null && open.has(label.reference);
      return givenBack || told ? [] : [`label ${label.trackingCode} for ${label.reference} is paid, and the journal has no such label`];
    }
    const problems: string[] = [];
    if (ours.priceMinor !== label.priceMinor)
      problems.push(`label ${label.trackingCode} cost ${label.priceMinor}, the journal has ${ours.priceMinor}`);
    if (ours.live && givenBack) problems.push(`label ${label.trackingCode} of ${ours.order} is in use and was given back`);
    return problems;
  });
  const bought = new Set(books.easypost.labels.map(({ shipmentId }) => shipmentId));
  const made = [...recorded]
    .filter(([ref]) => ref.startsWith('shp_') && !bought.has(ref))
    .map(([ref]) => `label ${ref} of the journal was never bought`);
  return [...twice, ...wrong, ...made];
}

const droppedSchema = z.object({ shipmentId: z.string() });

function confirmations(books: Books): string[] {
  return books.placed.flatMap((placed) => {
    const found = books.cases.get(placed.key);
    const { fulfillments, lines } = books.inShop(placed);
    const problems: string[] = [];
    const told = new Map<string, number>();
    for (const { lines: confirmed } of fulfillments)
      for (const { lineId, quantity } of confirmed) told.set(lineId, (told.get(lineId) ?? 0) + quantity);
    for (const { id, quantity } of lines)
      if ((told.get(id) ?? 0) > quantity) problems.push(`${named(placed)}: line ${id} was confirmed ${told.get(id)} times of ${quantity}`);
    const numbers = fulfillments.flatMap(({ trackingNumbers }) => trackingNumbers);
    if (new Set(numbers).size < numbers.length) problems.push(`${named(placed)}: a tracking number was confirmed twice`);
    // What an operator dropped is told to the channel by hand, or never.
    const dropped = new Set(
      books.intents
        .filter(({ kind, state, orderKey }) => kind === 'confirm' && state === 'cancelled' && orderKey === placed.key)
        .map(({ payload }) => droppedSchema.parse(payload).shipmentId),
    );
    const confirmed = found?.shipments.filter(({ id, state }) => state === 'confirmed' && !dropped.has(id)) ?? [];
    for (const { id, labels: bought } of confirmed) {
      const wanted = bought.map(({ label }) => label.trackingNumber).sort();
      const same = fulfillments.filter(
        ({ trackingNumbers }) => wanted.length > 0 && wanted.every((number) => trackingNumbers.includes(number)),
      );
      if (wanted.length > 0 && same.length !== 1) problems.push(`${named(placed)}: shipment ${id} was confirmed ${same.length} times`);
    }
    const ours = new Set(found?.shipments.filter(isLive).flatMap(({ labels: bought }) => bought.map(({ label }) => label.trackingNumber)));
    for (const number of numbers) if (!ours.has(number)) problems.push(`${named(placed)}: ${number} was confirmed and is no live label`);
    return problems;
  });
}

function money(books: Books): string[] {
  return books.placed.flatMap((placed) => {
    if (placed.editedInOdoo) return [];
    const found = books.cases.get(placed.key);
    return books.inOdoo(placed).flatMap((order) => {
      if (order.state === 'cancel' || found === undefined) return [];
      const committed = found.order.total;
      if (order.total.minor !== committed.minor || order.total.currency !== committed.currency)
        return [`${named(placed)} is ${order.total.minor} in Odoo and ${committed.minor} in the journal`];
      const shot = books.inShop(placed);
      const channel = moneyFromDecimal(shot.total, committed.currency).minor;
      const differs = channel !== committed.minor && found.pending === null && shot.cancelledAt === null;
      return differs ? [`${named(placed)} is ${channel} in its shop and ${committed.minor} in the journal`] : [];
    });
  });
}

function goods(books: Books, world: World): string[] {
  const gone = new Map<string, number>();
  for (const { warehouse, moves } of books.odoo.orders.flatMap(({ pickings }) => pickings))
    for (const { sku, quantity, state } of moves)
      if (warehouse !== null && state === 'done') gone.set(placeOf(sku, warehouse), (gone.get(placeOf(sku, warehouse)) ?? 0) + quantity);
  const there = new Map<string, number>();
  for (const { sku, warehouse, quantity } of books.odoo.quants)
    there.set(placeOf(sku, warehouse), (there.get(placeOf(sku, warehouse)) ?? 0) + quantity);
  return [...world.goodsIn].flatMap(([place, came]) => {
    const wanted = came - (gone.get(place) ?? 0);
    const counted = there.get(place) ?? 0;
    return counted === wanted ? [] : [`${place} holds ${counted}, and ${came} came less ${gone.get(place) ?? 0} that left is ${wanted}`];
  });
}

function named({ name, shop, happening }: PlacedOrder): string {
  return `order ${name} of ${shop} (happening ${happening})`;
}
