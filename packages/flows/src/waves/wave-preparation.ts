import type { ErpOrder, Instant } from '@quartermaster/domain';
import { counts, hasLeft, isLive, type OrderCase, type OrderEvent } from '@quartermaster/fulfilment';
import type { Transaction } from '@quartermaster/journal';
import type { FlowContext } from '../context.ts';
import { erpKeyOf, lineNames, writtenEvent } from '../erp-effects.ts';
import { applyNews, listCases } from '../order-cases.ts';
import { askForAddresses } from '../intake/carrier-addresses.ts';
import { checkAgain, learnSkus } from '../intake/order-checks.ts';
import { doneLessOf, newsOfDoneLess, type DoneLess } from '../resourcing/done-less.ts';
import { doubtStock } from '../resourcing/stock-doubt.ts';
import type { SourcingPolicy } from '../settings.ts';
import { speakingTo } from '../speaking-to.ts';

/** Has carriers say whether there are the places that orders go to, where the policy asks them, and checks these orders by it. */
export async function checkPlaces(context: FlowContext): Promise<void> {
  for (const key of await askForAddresses(context)) await context.journal.transaction((tx) => checkAgain(tx, context, key));
}

/**
 * Ends the holds whose time is over, and checks held and paused orders again, so that holds lift whose reason has passed: a date has come, somebody made the product in the ERP, the
 * policy changed. What a person's override kept from being held is checked again when that override has ended. An order whose person was
 * erased is left as it is. Throws the ERP's fault.
 */
export async function recheckHeld(context: FlowContext): Promise<void> {
  const cases = (await context.journal.read((tx) => listCases(tx, ['held', 'open', 'committed']))).map((stored) => stored.case);
  const now = context.clock.now();
  for (const { key } of cases.filter(({ holds }) => holds.some((hold) => !counts(hold, now))))
    await context.journal.transaction((tx) => applyNews(tx, context, key, { kind: 'holds-expired' }));
  const held = cases.filter(
    ({ holds, overrides }) =>
      holds.some((hold) => hold.placedBy === null) || overrides.some((each) => each.kind === 'check' && !counts(each, now)),
  );
  await learnSkus(
    context,
    held.map(({ order }) => order),
  );
  for (const { key } of held) await context.journal.transaction((tx) => checkAgain(tx, context, key));
}

/**
 * Reads orders again in the ERP of which a shipment waits for stock to be set aside or for its delivery, so that they go on by themselves once the ERP has seen to it. Tells also of
 * what a person shipped or cancelled there meanwhile. Throws the ERP's fault.
 */
export async function rereadShort(context: FlowContext): Promise<void> {
  const cases = (await context.journal.read((tx) => listCases(tx, ['committed']))).map((stored) => stored.case);
  const short = cases.filter(isShort);
  for (let from = 0; from < short.length; from += atOnce)
    await Promise.all(short.slice(from, from + atOnce).map((each) => reread(context, each)));
}

/** A shipment that the ERP was told of has no delivery there, or not everything reserved, or is being taken back. */
function isShort({ erp, shipments }: OrderCase): boolean {
  return shipments.some(
    (each) =>
      each.state === 'stopping' ||
      (isLive(each) &&
        !hasLeft(each) &&
        (each.shortage.length > 0 || (each.state === 'planned' && each.fresh === 'write' && erp !== null))),
  );
}

/** Reads an order again in the ERP, and lets happen what happened there. `also` happens in the same transaction, and is told whether anything was new. */
export async function reread(
  context: FlowContext,
  given: OrderCase,
  also: (tx: Transaction, fresh: boolean) => Promise<void> = async () => undefined,
): Promise<void> {
  const { erp } = context;
  const found = await speakingTo(erp.connection, () => erp.findOrder(erpKeyOf(given)));
  if (found === null) return context.journal.transaction((tx) => also(tx, false));
  const { onShortPick } = context.settings.sourcing;
  const events = newsInErp(given, found, { at: context.clock.now(), onShortPick });
  await context.journal.transaction(async (tx) => {
    let fresh = false;
    for (const event of events) {
      const isNews = await applyNews(tx, context, given.key, event);
      fresh = isNews || fresh;
      if (isNews && event.kind === 'unsourced') await doubtShelves(tx, context, given, event);
    }
    await also(tx, fresh);
  });
}

/** What somebody in the ERP left behind was not to be found on its shelf, whatever the ERP says of it. */
async function doubtShelves(
  tx: Transaction,
  { clock }: FlowContext,
  { shipments }: OrderCase,
  { shipmentId, lineIds, by }: Extract<OrderEvent, { kind: 'unsourced' }>,
): Promise<void> {
  const shipment = shipments.find(({ id }) => id === shipmentId);
  const reason = 'its delivery was validated in the ERP without it';
  for (const { lineId, sku } of shipment?.lines ?? [])
    if (shipment !== undefined && (lineIds?.includes(lineId) ?? true))
      await doubtStock(tx, { node: shipment.node, sku, kind: 'not-in-stock', units: 0, since: clock.now(), by, reason });
}

/** What has happened to an order in the ERP, as it stands there now. Pure. */
export function newsInErp(
  given: OrderCase,
  found: ErpOrder,
  { at, onShortPick }: Pick<SourcingPolicy, 'onShortPick'> & { readonly at: Instant },
): OrderEvent[] {
  if (found.state === 'cancelled') return [{ kind: 'erp-cancelled' }];
  const done = new Set(found.deliveries.filter(({ state }) => state === 'done').map(({ ref }) => ref));
  const left = given.shipments.filter(
    (each) =>
      each.delivery !== null && done.has(each.delivery.ref) && !hasLeft(each) && (isLive(each) || hasLeftInSpite(given, found, each)),
  );
  const less = left.flatMap((each) => doneLessOf(given, found, each) ?? []);
  const events = left.flatMap((shipment): OrderEvent[] => {
    const ofIt = less.find((each) => each.shipment === shipment);
    return ofIt === undefined ? [{ kind: 'erp-shipped', shipmentId: shipment.id, at }] : newsOfDoneLess(given, ofIt, { onShortPick, at });
  });
  return [...events, asShort(writtenEvent(found, lineNames(given)), less)];
}

/** The ERP's answer, in which a delivery that was done with less has so much of each line, and no more. */
function asShort(written: ReturnType<typeof writtenEvent>, less: readonly DoneLess[]): OrderEvent {
  const deliveries = written.deliveries.map((delivery) => {
    const ofIt = less.find(({ shipment }) => shipment.delivery?.ref === delivery.ref);
    return ofIt === undefined ? delivery : { ...delivery, lines: [...ofIt.left].map(([lineId, reserved]) => ({ lineId, reserved })) };
  });
  return { ...written, deliveries };
}

/** What was to be taken back was in its delivery when that was done. */
function hasLeftInSpite(given: OrderCase, found: ErpOrder, { state, delivery, lines }: OrderCase['shipments'][number]): boolean {
  if (state !== 'stopping') return false;
  const names = lineNames(given);
  const done = found.deliveries.find(({ ref }) => ref === delivery?.ref)?.lines ?? [];
  return lines.every(({ lineId }) => done.some((each) => names.get(each.lineId) === lineId && each.reserved > 0));
}

const atOnce = 8;
