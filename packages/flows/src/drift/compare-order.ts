import {
  epochMs,
  money,
  sameMoney,
  type ErpDelivery,
  type ErpOrder,
  type Instant,
  type Money,
  type OrderStanding,
} from '@quartermaster/domain';
import { hasLeft, isLive, physicalLines, type Hold, type OrderCase, type Shipment } from '@quartermaster/fulfilment';
import { erpLinesOf } from '../erp-draft.ts';
import { doneLessOf, isKnown } from '../resourcing/done-less.ts';
import { driftCauses, type DriftCause } from './causes.ts';
import type { Difference, Heal, Sides } from './difference.ts';
import type { DriftPolicy } from './policy.ts';
import type { OrderViews } from './views.ts';

type Case = Extract<OrderViews['journal'], { kind: 'case' }>;
type Found = {
  readonly cause: DriftCause;
  readonly shipment?: Shipment;
  readonly sides: Partial<Sides>;
  readonly units?: number;
  readonly money?: Money | null;
  readonly heal?: Heal | null;
};

/**
 * In what channel, ERP and journal differ about one order. What is young or under way on any side is not compared, nor what the journal has told a person of already. Where one edit shows in
 * several ways (fewer units make another total), only what was edited is told. Null when nothing can be said now.
 */
export function compareOrder(given: OrderViews, policy: DriftPolicy, now: Instant): Difference[] | null {
  const { channel, journal, key } = given;
  const settledBefore = epochMs(now) - policy.windowMinutes * 60_000;
  if (channel !== null && channel !== 'absent' && epochMs(channel.updatedAt) > settledBefore) return null;
  const found =
    journal.kind !== 'case'
      ? ofNoCase(given)
      : journal.underWay || epochMs(journal.changedAt) > settledBefore
        ? null
        : [...channelDifferences(given, journal), ...erpDifferences(given, journal), ...labelDifferences(journal, policy, now)];
  return (
    found?.map(({ cause, shipment, sides, units, money: stake, heal }) => ({
      cause,
      subject: { kind: 'order', order: key, shipmentId: shipment?.id ?? null },
      blame: driftCauses[cause].blame,
      sides: { channel: null, erp: null, journal: null, ...sides },
      units: units ?? 0,
      money: stake ?? null,
      heal: heal ?? null,
    })) ?? null
  );
}

function ofNoCase({ connection, orderId, channel, erp, journal }: OrderViews): Found[] {
  if (journal.kind !== 'unknown' || channel === null || channel === 'absent' || channel.status !== 'open') return [];
  const sides = { channel: standingSide(channel), ...(erp === null || erp === 'absent' ? {} : { erp: erpSide(erp) }) };
  const heal = { kind: 'read-channel-again', connection, orderId } as const;
  const cause = erp !== null && erp !== 'absent' ? 'order-forgotten-here' : 'order-missing-here';
  return [{ cause, sides, money: channel.total, units: sum(channel.lines.map(({ quantity }) => quantity)), heal }];
}

function channelDifferences({ connection, orderId, channel }: OrderViews, { case: given }: Case): Found[] {
  if (channel === null) return [];
  const ended = given.state === 'cancelled' || given.state === 'shipped';
  if (channel === 'absent')
    return ended ? [] : [{ cause: 'order-gone-from-channel', sides: { journal: caseSide(given) }, money: given.order.total }];
  const known = given.pending ?? given.order;
  const sides = {
    channel: standingSide(channel),
    journal: { state: given.state, total: known.total, secured: known.payment.secured, updatedAt: known.updatedAt },
  };
  const heal = { kind: 'read-channel-again', connection, orderId } as const;
  if (channel.status === 'cancelled' && known.status !== 'cancelled')
    return [{ cause: 'cancellation-missed', sides, money: known.total, units: unitsOf(given), heal }];
  const { secured } = known.payment;
  const refunded = secured.currency === channel.secured.currency ? secured.minor - channel.secured.minor : 0;
  const changed = channel.updatedAt > known.updatedAt || !sameMoney(channel.total, known.total);
  if (changed && refunded > 0) return [{ cause: 'refund-missed', sides, money: money(refunded, secured.currency), heal }];
  if (changed) return [{ cause: 'change-missed', sides, heal }];
  return channel.status === 'cancelled' ? [] : [...confirmationDifferences(given, channel), ...channelAhead(given, channel)];
}

/** Shipments that have left, and for whose units the channel waits. */
function confirmationDifferences(given: OrderCase, channel: OrderStanding): Found[] {
  const lines = new Map(channel.lines.map((line) => [line.id, line]));
  /** More is open there than what we know to be still to come: of what has left, something is not known there. */
  const isAwaited = ({ lineId }: Shipment['lines'][number]) => {
    const line = lines.get(lineId);
    return line !== undefined && line.unshipped > Math.max(0, line.quantity - leftOf(given, lineId));
  };
  return given.shipments.filter(hasLeft).flatMap((shipment): Found[] => {
    const awaited = shipment.lines.filter(isAwaited);
    if (awaited.length === 0 || failed(given, 'confirm', shipment.id)) return [];
    const sides = {
      channel: awaited.flatMap(({ lineId }) => lines.get(lineId) ?? []),
      journal: { shipment: shipment.id, state: shipment.state, lines: shipment.lines, tracking: trackingOf(shipment) },
    };
    const units = sum(awaited.map((line) => line.units));
    if (shipment.state === 'confirmed') return [{ cause: 'confirmation-withdrawn', shipment, sides, units }];
    const command = { kind: 'confirm', shipmentId: shipment.id } as const;
    return [{ cause: 'confirmation-missing', shipment, sides, units, heal: { kind: 'ask-again', order: given.key, command } }];
  });
}

/** Units that the channel counts as shipped, and that have not left by us. */
function channelAhead(given: OrderCase, channel: OrderStanding): Found[] {
  const physical = new Set(physicalLines(given.order).map(({ id }) => id));
  const ahead = channel.lines
    .filter(({ id }) => physical.has(id))
    .map((line) => ({ line, units: line.quantity - line.unshipped - leftOf(given, line.id) }))
    .filter(({ units }) => units > 0);
  if (ahead.length === 0 || given.state === 'cancelled') return [];
  const units = sum(ahead.map((each) => each.units));
  const sides = { channel: ahead.map(({ line }) => line), journal: caseSide(given) };
  const reason = `${units} units are marked as shipped in the channel that have not left by us`;
  return [{ cause: 'shipped-by-hand-in-channel', sides, units, heal: holdOf(given, reason) }];
}

function erpDifferences({ erp }: OrderViews, { case: given }: Case): Found[] {
  if (erp === null) return [];
  const ended = given.state === 'cancelled' || given.state === 'shipped';
  if (erp === 'absent') {
    if (given.erp === null || ended || given.state === 'cancelling') return [];
    const heal = holdOf(given, `the ERP has ${given.erp.name} no more`);
    return [{ cause: 'order-missing-in-erp', sides: { journal: caseSide(given) }, money: given.order.total, heal }];
  }
  const sides = { erp: erpSide(erp), journal: caseSide(given) };
  const again: Heal = { kind: 'read-erp-again', order: given.key };
  if (given.state === 'cancelled' || given.state === 'cancelling') {
    const alive = erp.state !== 'cancelled' && (erp.deliveries.some(isOpen) || !erp.deliveries.some(({ state }) => state === 'done'));
    if (!alive || failed(given, 'cancel-order', null)) return [];
    const heal = { kind: 'ask-again', order: given.key, command: { kind: 'cancel-order' } } as const;
    return [{ cause: 'not-cancelled-in-erp', sides, money: erp.total, units: unitsOf(given), heal }];
  }
  if (given.erp === null) {
    if (erp.state !== 'confirmed' || given.holds.some(({ code }) => code === 'known-to-erp')) return [];
    const reason = `the ERP has it as ${erp.name}, and this journal did not know it`;
    const heal = given.state === 'committed' ? again : holdOf(given, reason, 'known-to-erp');
    return [{ cause: 'order-unheard-in-erp', sides, money: erp.total, units: unitsOf(given), heal }];
  }
  if (erp.state === 'cancelled')
    return given.state === 'shipped' ? [] : [{ cause: 'cancelled-in-erp', sides, money: erp.total, units: unitsOf(given), heal: again }];
  if (erp.state === 'draft')
    return [{ cause: 'reopened-in-erp', sides, money: erp.total, heal: holdOf(given, `${erp.name} is a quotation again in the ERP`) }];
  const ofShipments = given.shipments
    .filter((shipment) => isLive(shipment) && shipment.delivery !== null)
    .flatMap((shipment) => shipmentDifferences(given, shipment, erp, again));
  const quantities = quantityDifferences(given, erp, new Set(ofShipments.flatMap(({ shipment }) => shipment?.id ?? [])));
  return [...ofShipments, ...quantities, ...(quantities.length > 0 ? [] : totalDifferences(given, erp))];
}

function shipmentDifferences(given: OrderCase, shipment: Shipment, erp: ErpOrder, again: Heal): Found[] {
  const delivery = erp.deliveries.find(({ ref }) => ref === shipment.delivery?.ref);
  const sides = { erp: delivery === undefined ? 'no delivery' : deliverySide(delivery), journal: shipmentSide(shipment) };
  const units = sum(shipment.lines.map((line) => line.units));
  const about = { shipment, sides, units };
  const done = delivery?.state === 'done';
  if (hasLeft(shipment) && !done) return [{ cause: 'not-shipped-in-erp', ...about }];
  if (delivery === undefined || delivery.state === 'cancelled') {
    const heal = holdOf(given, `the delivery of shipment ${shipment.id} was cancelled in the ERP`);
    return [{ cause: 'delivery-cancelled-in-erp', ...about, heal }];
  }
  if (done && !hasLeft(shipment)) {
    const less = doneLessOf(given, erp, shipment);
    return less !== null && isKnown(less) ? [] : [{ cause: 'shipped-by-hand-in-erp', ...about, heal: again }];
  }
  if (done) {
    const ours = trackingOf(shipment);
    const others = delivery.trackingNumbers.length > 0 && !delivery.trackingNumbers.some((number) => ours.includes(number));
    return others && ours.length > 0 ? [{ cause: 'shipped-on-another-label', ...about, money: priceOf(shipment) }] : [];
  }
  if (delivery.node !== shipment.node) {
    const heal = holdOf(given, `shipment ${shipment.id} was moved to ${delivery.node ?? 'no warehouse'} in the ERP`);
    return [{ cause: 'delivery-moved-in-erp', ...about, heal }];
  }
  const reserved = reservedByLine(given, delivery);
  const differs = shipment.lines.some(({ lineId, units }) => {
    const known = shipment.shortage.find((short) => short.lineId === lineId)?.reserved ?? units;
    return Math.min(units, reserved.get(lineId) ?? 0) !== known;
  });
  return differs ? [{ cause: 'reservation-differs', ...about, heal: again }] : [];
}

/** Lines of which the ERP delivers another quantity than we wrote, or that it has besides. Those of the shipments named differ for another reason. */
function quantityDifferences(given: OrderCase, erp: ErpOrder, told: ReadonlySet<string>): Found[] {
  const deliveries = erp.deliveries.filter(({ state }) => state !== 'cancelled');
  const demanded = new Map<string, number>();
  for (const line of deliveries.flatMap(({ lines }) => lines)) demanded.set(line.lineId, (demanded.get(line.lineId) ?? 0) + line.demand);
  const written = given.shipments
    .filter((shipment) => isLive(shipment) && shipment.delivery !== null && !told.has(shipment.id))
    .flatMap(({ lines }) => lines)
    .flatMap(({ lineId }) => given.order.lines.filter(({ id }) => id === lineId))
    .flatMap(erpLinesOf);
  const others = [...demanded].filter(([lineId, units]) => lineId === '' && units > 0);
  const off = written
    .map(({ lineId, units }) => ({ lineId, written: units, demanded: demanded.get(lineId) ?? 0 }))
    .filter((line) => line.written !== line.demanded);
  if (off.length + others.length === 0) return [];
  const units = sum([...off.map((line) => Math.abs(line.written - line.demanded)), ...others.map(([, more]) => more)]);
  const journal = off.map(({ lineId, written: units }) => ({ lineId, units }));
  const sides = {
    erp: [...off.map(({ lineId, demanded: units }) => ({ lineId, units })), ...others.map(([, units]) => ({ units }))],
    journal,
  };
  return [{ cause: 'quantity-differs-in-erp', sides, units, heal: holdOf(given, 'lines of the order were changed in the ERP') }];
}

function totalDifferences({ order }: OrderCase, erp: ErpOrder): Found[] {
  if (sameMoney(erp.total, order.total)) return [];
  const sides = { erp: { total: erp.total }, journal: { total: order.total } };
  if (erp.total.currency !== order.total.currency) return [{ cause: 'total-differs', sides, money: order.total }];
  const off = Math.abs(erp.total.minor - order.total.minor);
  const tax = sum(order.lines.map((line) => line.tax.minor)) + order.shippingTax.minor;
  const lines = order.lines.length + 1;
  const cause = off === tax ? 'total-off-by-tax' : off <= lines ? 'total-off-by-rounding' : 'total-differs';
  return [{ cause, sides, money: money(off, order.total.currency) }];
}

function labelDifferences({ case: given }: Case, { labelIdleDays }: DriftPolicy, now: Instant): Found[] {
  return given.shipments.flatMap((shipment): Found[] => {
    const unused = shipment.withdrawn
      .filter(({ outcome }) => outcome === 'asked' && !failed(given, 'void-label', shipment.id))
      .map(({ parcel, revision, label }): Found => {
        const ref = { ref: label.ref, trackingNumber: label.trackingNumber };
        const command = { kind: 'void-label', shipmentId: shipment.id, parcel, revision, label: ref } as const;
        const sides = { journal: { shipment: shipment.id, label: ref, carrier: shipment.carrier, boughtAt: label.boughtAt } };
        return { cause: 'label-unused', shipment, sides, money: label.price, heal: { kind: 'ask-again', order: given.key, command } };
      });
    const oldest = shipment.labels.map(({ label }) => label.boughtAt).sort()[0];
    const idle = isLive(shipment) && !hasLeft(shipment) && oldest !== undefined;
    if (!idle || epochMs(now) - epochMs(oldest) < labelIdleDays * 86_400_000) return unused;
    return [...unused, { cause: 'label-idle', shipment, sides: { journal: shipmentSide(shipment) }, money: priceOf(shipment) }];
  });
}

/** Holds what has not left yet; null when this hold stands already, or nothing can be held any more. */
function holdOf(given: OrderCase, reason: string, code: Hold['code'] = 'manual'): Heal | null {
  const holdable = given.state === 'held' || given.state === 'open' || given.state === 'committed';
  const stands = given.holds.some((hold) => hold.placedBy !== null);
  const left = physicalLines(given.order).every(({ id, quantity }) => leftOf(given, id) >= quantity);
  return holdable && !stands && !left ? { kind: 'hold', order: given.key, hold: { code, reason } } : null;
}

/** A command that failed for good has an exception of its own, and a person who looks after it. */
function failed(given: OrderCase, command: OrderCase['failures'][number]['command'], shipmentId: string | null): boolean {
  return given.failures.some((failure) => failure.command === command && failure.shipmentId === shipmentId);
}

function leftOf(given: OrderCase, lineId: string): number {
  const lines = given.shipments.filter(hasLeft).flatMap((shipment) => shipment.lines);
  return sum(lines.filter((line) => line.lineId === lineId).map((line) => line.units));
}

/** Units that a delivery has set aside, by our lines: one of them may be two in the ERP, and one there may be in two moves. */
function reservedByLine(given: OrderCase, delivery: ErpDelivery): Map<string, number> {
  const there = new Map<string, number>();
  for (const { lineId, reserved } of delivery.lines) there.set(lineId, (there.get(lineId) ?? 0) + reserved);
  const lines = physicalLines(given.order);
  return new Map(lines.map((line) => [line.id, sum(erpLinesOf(line).map(({ lineId }) => there.get(lineId) ?? 0))]));
}

function isOpen({ state }: ErpDelivery): boolean {
  return state === 'waiting' || state === 'ready';
}

function unitsOf(given: OrderCase): number {
  return sum(physicalLines(given.order).map(({ quantity }) => quantity));
}

function trackingOf(shipment: Shipment): string[] {
  return shipment.labels.map(({ label }) => label.trackingNumber);
}

function priceOf({ labels }: Shipment): Money | null {
  const [first, ...others] = labels.map(({ label }) => label.price);
  return first === undefined ? null : money(first.minor + sum(others.map(({ minor }) => minor)), first.currency);
}

function sum(numbers: readonly number[]): number {
  return numbers.reduce((total, number) => total + number, 0);
}

function standingSide({ name, status, total, secured, updatedAt, lines }: OrderStanding) {
  return { name, status, total, secured, updatedAt, lines: lines.map((line) => ({ ...line })) };
}

function erpSide({ name, state, total, deliveries }: ErpOrder) {
  return { name, state, total, deliveries: deliveries.map(deliverySide) };
}

function deliverySide({ name, node, state, trackingNumbers, lines }: ErpDelivery) {
  return { name, node, state, trackingNumbers: [...trackingNumbers], lines: lines.map((line) => ({ ...line })) };
}

function caseSide({ state, order, erp, shipments }: OrderCase) {
  return { state, name: order.name, total: order.total, erp: erp?.name ?? null, shipments: shipments.map(shipmentSide) };
}

function shipmentSide(shipment: Shipment) {
  const { id, state, node, lines, shortage, delivery } = shipment;
  return { shipment: id, state, node, lines, shortage, delivery: delivery?.name ?? null, tracking: trackingOf(shipment) };
}
