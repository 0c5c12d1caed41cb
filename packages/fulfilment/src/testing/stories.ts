import { money, type ChannelOrder } from '@quartermaster/domain';
import * as fc from 'fast-check';
import type { RefundParts } from '../asked-by-people.ts';
import { decide } from '../decide.ts';
import type { OrderEvent } from '../events.ts';
import type { Hold } from '../hold.ts';
import type { OrderCase } from '../order-case.ts';
import { bought, delivery, draft, lamp, line, mugs, now, order, parcel, received, revised, shippedAt, writtenFor } from './samples.ts';
import { awaitsPackCheck, hasLeft, isLive, unlabelledParcels, type Shipment } from '../shipment.ts';

/**
 * What a random story consists of: mostly what comes next if all goes well, at times anything else; the numbers choose the particulars among what the case offers. Stories that
 * only stumble would hardly ever reach a label.
 */
const kinds = [
  'revised',
  'rechecked',
  'hold-placed',
  'hold-released',
  'release-approved',
  'cancel-requested',
  'sourced',
  'released',
  'written',
  'allocated',
  'unsourced',
  'deallocated',
  'label-bought',
  'label-voided',
  'erp-shipped',
  'confirmed',
  'erp-cancelled',
  'address-written',
  'failed',
  'holds-expired',
  'overridden',
  'override-lifted',
  'retried',
  'given-up',
  'repacked',
  'pack-checked',
  'lines-cancelled',
  'cancelled-in-channel',
  'stock-found',
  'acknowledged',
  'captured',
  'refund-asked',
  'refunded',
  'return-told',
] as const satisfies readonly OrderEvent['kind'][];
const moveArbitrary = fc.record({
  kind: fc.oneof({ weight: 5, arbitrary: fc.constant('onward' as const) }, { weight: 2, arbitrary: fc.constantFrom(...kinds) }),
  a: fc.nat(11),
  b: fc.nat(11),
  c: fc.nat(11),
});
type Move = { readonly kind: 'onward' | (typeof kinds)[number]; readonly a: number; readonly b: number; readonly c: number };

export const story = fc.array(moveArbitrary, { minLength: 1, maxLength: 40 });

const goodwill: RefundParts = { lines: [], shipping: null, adjustment: money(100, 'EUR'), reason: 'goodwill' };

function returnOf(which: number, minute: number): Extract<OrderEvent, { kind: 'return-told' }>['fact'] {
  const updatedAt = `2026-11-25T10:${String(minute).padStart(2, '0')}:00.000Z`;
  return { id: `back-${which}`, revision: updatedAt, updatedAt, state: 'requested', lines: [], refunded: null, trackingNumbers: [] };
}

function receivedUnpaid(authorized: boolean): OrderCase {
  const payment = { status: 'authorized', secured: money(3490, 'EUR'), toCapture: money(3490, 'EUR') };
  return received(authorized ? order({ payment }) : order(), [], { acknowledges: true });
}

type Step = { readonly before: OrderCase; readonly event: OrderEvent; readonly decision: ReturnType<typeof decide> };

/** A story of an order that the channel wants acknowledged, and, in every second one, whose money is only authorized. */
export function told(moves: readonly Move[]): Step[] {
  const steps: Step[] = [];
  let current = receivedUnpaid(moves.length % 2 === 0);
  for (const [index, move] of moves.entries()) {
    const event = eventOf(move, current, index);
    const decision = decide(current, event, now);
    steps.push({ before: current, event, decision });
    current = decision.case;
  }
  return steps;
}

/** Mostly what could happen next to the case, at times what could not. Every bought label is a new one. */
function eventOf({ kind, a, b, c }: Move, given: OrderCase, index: number): OrderEvent {
  const shipment = given.shipments[a % Math.max(1, given.shipments.length)];
  const shipmentId = shipment?.id ?? '1';
  switch (kind) {
    case 'onward':
      return onward(given, a, b, index);
    case 'revised':
      return { kind, ...revisionOf(a, b * 7 + c, c) };
    case 'rechecked':
      return { kind, holds: holdsOf(revisionOf(0, a, b).order) };
    case 'hold-placed':
      return { kind, hold: { code: 'manual', reason: `look at it ${a % 2}` }, by: 'mia' };
    case 'hold-released':
      return { kind, code: a % 2 === 0 ? 'all' : 'manual', by: 'mia', reason: 'looked at it' };
    case 'release-approved':
      return { kind, code: a % 2 === 0 ? 'all' : 'payment', by: 'ben', reason: 'looked at it' };
    case 'cancel-requested':
      return a < 6 ? { kind, by: 'channel' } : { kind, by: 'operator', inChannel: { id: 'stop', reason: 'customer' } };
    case 'sourced':
      return { kind, decisionId: `d${a % 5}`, shipments: draftsOf(b) };
    case 'released':
      return { kind, shipmentIds: given.shipments.map((each) => each.id) };
    case 'written':
      return a < 9 ? writtenFor(given) : writtenFor(given, 1);
    case 'allocated':
      return { kind, shipmentId, delivery: delivery(shipment ?? { id: '1', node: 'BER', lines: [mugs] }, b < 9 ? undefined : 0) };
    case 'unsourced':
      return {
        kind,
        shipmentId,
        lineIds: b < 6 ? null : [b < 9 ? 'l1' : 'l2'],
        why: c < 6 ? 'short-pick' : 'better-plan',
        by: 'mia',
        avoid: c < 6,
        parcels: null,
      };
    case 'deallocated':
      return { kind, shipmentId };
    case 'label-bought':
      return bought(shipmentId, `label-${index}`, { parcel: 1 + (b % 2), revision: c < 10 ? (shipment?.revision ?? 1) : 1 });
    case 'label-voided': {
      const known = [...(shipment?.withdrawn ?? []), ...(shipment?.labels ?? [])];
      const ref = known[b % Math.max(1, known.length)]?.label.ref ?? 'none';
      return { kind, shipmentId, ref, outcome: c < 8 ? { kind: 'voided' } : { kind: 'refused', reason: 'scanned' } };
    }
    case 'erp-shipped':
      return shippedAt(shipmentId);
    case 'confirmed':
      return { kind, shipmentId };
    case 'erp-cancelled':
    case 'address-written':
      return { kind };
    case 'holds-expired':
      return { kind };
    case 'overridden':
      return {
        kind,
        override: {
          kind: 'check',
          id: `o${b}`,
          by: 'mia',
          why: 'known',
          at: now,
          until: c < 6 ? null : now,
          code: a < 6 ? 'fraud' : 'payment',
        },
      };
    case 'override-lifted':
      return { kind, id: `o${b}`, by: 'mia', reason: 'no more' };
    case 'retried':
    case 'given-up':
      return { kind, command: b % 2 === 0 ? 'ship' : 'buy-label', shipmentId, by: 'mia', reason: 'looked at it' };
    case 'pack-checked':
      return { kind, shipmentId, problems: b % 2 === 0 ? [] : ['parcel 1 is missing'], by: 'mia' };
    case 'repacked':
      return { kind, shipmentId, parcels: parcelsOf(shipment?.lines ?? [mugs], b % 2 === 0), by: 'mia', reason: 'another box' };
    case 'lines-cancelled':
      return { kind, id: `cut${b % 3}`, lines: [{ lineId: a % 2 === 0 ? 'l1' : 'l2', units: 1 }], reason: 'customer' };
    case 'cancelled-in-channel':
      return { kind, id: given.cancellations[a % Math.max(1, given.cancellations.length)]?.id ?? 'none' };
    case 'stock-found':
    case 'acknowledged':
      return { kind };
    case 'captured':
      return { kind, amount: given.capture?.amount ?? given.order.total };
    case 'refund-asked':
      return { kind, id: `back${b % 3}`, amount: money(100, 'EUR'), refund: goodwill };
    case 'refunded':
      return { kind, id: `back${b % 3}`, amount: money(100, 'EUR'), state: 'done' };
    case 'return-told':
      return { kind, fact: returnOf(b % 3, a) };
    case 'failed':
      return { kind, command: b % 2 === 0 ? 'ship' : 'buy-label', shipmentId, code: 'refused', message: `reason ${c % 2}` };
  }
}

/** One of the events that the case waits for; when it waits for nothing, the channel's next revision. */
function onward(given: OrderCase, choice: number, drafts: number, index: number): OrderEvent {
  const events = waited(given, drafts, index);
  return events[choice % Math.max(1, events.length)] ?? { kind: 'revised', ...revisionOf(20 + index, choice, 0) };
}

export function waited(given: OrderCase, drafts: number, index: number): OrderEvent[] {
  return [...waitedOfOrder(given, drafts), ...given.shipments.flatMap((shipment) => waitedOfShipment(shipment, given.shipments, index))];
}

function waitedOfOrder(given: OrderCase, drafts: number): OrderEvent[] {
  const { state } = given;
  if (state === 'cancelling') return [{ kind: 'erp-cancelled' }];
  const [cut] = given.cancellations.filter((each) => each.lines !== null && each.state === 'asked');
  if (cut !== undefined && state === 'held') return [{ kind: 'cancelled-in-channel', id: cut.id }];
  const taken = given.capture?.state === 'asked' ? [{ kind: 'captured', amount: given.capture.amount } as const] : [];
  const told = given.acknowledgement === 'asked' ? [{ kind: 'acknowledged' } as const] : [];
  return [...taken, ...told, ...waitedOfStanding(given, drafts)];
}

function waitedOfStanding(given: OrderCase, drafts: number): OrderEvent[] {
  const { state, holds, erp, erpWriteAsked } = given;
  if (holds.length > 0) return [{ kind: 'hold-released', code: 'all', by: 'mia', reason: 'looked at it' }];
  if (state === 'open') return [{ kind: 'sourced', decisionId: `d${given.sourcedBy.length}`, shipments: draftsOf(drafts) }];
  return state === 'committed' && erpWriteAsked && erp === null ? [writtenFor(given)] : [];
}

/** Its lines are still being taken back from another node. */
export function isHeldBack({ lines }: Shipment, shipments: readonly Shipment[]): boolean {
  const ids = new Set(lines.map(({ lineId }) => lineId));
  return shipments.some((each) => each.state === 'stopping' && each.lines.some(({ lineId }) => ids.has(lineId)));
}

function waitedOfShipment(shipment: Shipment, shipments: readonly Shipment[], index: number): OrderEvent[] {
  const { id, revision } = shipment;
  const voids = shipment.withdrawn.filter((each) => each.outcome === 'asked');
  return [
    ...(shipment.state === 'planned' && shipment.fresh === 'allocate' && !isHeldBack(shipment, shipments)
      ? [{ kind: 'allocated', shipmentId: id, delivery: delivery(shipment) } as const]
      : []),
    ...(shipment.asked === 'take-back' ? [{ kind: 'deallocated', shipmentId: id } as const] : []),
    ...(isLive(shipment) && !hasLeft(shipment) && !shipment.released
      ? [{ kind: 'released', shipmentIds: [id], packCheck: index % 2 === 0 } as const]
      : []),
    ...(isLive(shipment) && !hasLeft(shipment) && awaitsPackCheck(shipment)
      ? [{ kind: 'pack-checked', shipmentId: id, problems: [], by: 'mia' } as const]
      : []),
    ...(shipment.asked === 'labels' ? unlabelledParcels(shipment).map((parcel) => bought(id, `label-${index}`, { revision, parcel })) : []),
    ...(shipment.asked === 'ship' ? [shippedAt(id)] : []),
    ...(shipment.state === 'shipped' ? [{ kind: 'confirmed', shipmentId: id } as const] : []),
    ...voids.map(({ label }) => ({ kind: 'label-voided', shipmentId: id, ref: label.ref, outcome: { kind: 'voided' } }) as const),
  ];
}

function draftsOf(choice: number) {
  const oneMug = { ...mugs, units: 1 };
  const both = draft('BER', [mugs, lamp], { parcels: [parcel(1, [mugs]), parcel(2, [lamp])] });
  const choices = [
    [both],
    [draft('BER', [mugs]), draft('HAM', [lamp])],
    [draft('BER', [oneMug])],
    [draft('HAM', [lamp])],
    [],
    [draft('HAM', [oneMug, lamp])],
    [draft('BER', [mugs]), draft('HAM', [oneMug])],
  ];
  return choices[choice % choices.length] ?? [];
}

type Revision = { readonly order: ChannelOrder; readonly holds: readonly Hold[] };

/** A revision of a minute: the same minute is always the same revision. */
function revisionOf(minute: number, choice: number, status: number): Revision {
  const choices: Partial<ChannelOrder>[] = [
    {},
    { addressHash: 'address-b' },
    { payment: { status: 'refunded', secured: money(0, 'EUR') } },
    { risk: 'high' },
    { lines: [line('l1', 'MUG', 2), line('l2', 'LAMP', 1), line('l3', 'VASE', 1)] },
    { lines: [line('l1', 'MUG', 1), line('l2', 'LAMP', 1)], addressHash: 'address-c' },
    { requestedService: 'express' },
    { payment: { status: 'authorized', secured: money(3490, 'EUR'), toCapture: money(3490, 'EUR') } },
    { acceptance: 'awaited', payment: { status: 'waiting', secured: money(0, 'EUR') } },
  ];
  const given = revised(minute, {
    ...choices[choice % choices.length],
    status: status === 11 ? 'cancelled' : 'open',
    revision: `r${status}-${choice}-${minute}`,
  });
  return { order: given, holds: holdsOf(given) };
}

function holdsOf(given: ChannelOrder): Hold[] {
  if (given.acceptance === 'awaited') return [{ code: 'acceptance', reason: 'not accepted' }];
  return [
    ...(given.payment.secured.minor === given.total.minor ? [] : [{ code: 'payment', reason: 'not paid' } as const]),
    ...(given.risk === 'high' ? [{ code: 'fraud', reason: 'high risk' } as const] : []),
  ];
}

export function revisionsArbitrary() {
  const one = fc
    .record({ minute: fc.nat(8), choice: fc.nat(8), status: fc.nat(11) })
    .map(({ minute, choice, status }) => revisionOf(minute, choice, status));
  return fc.uniqueArray(one, { minLength: 1, maxLength: 7, selector: ({ order }) => order.revision }).chain((revisions) =>
    fc.record({
      revisions: fc.constant(revisions.toSorted((left, right) => (left.order.updatedAt < right.order.updatedAt ? -1 : 1))),
      shuffled: fc
        .tuple(fc.shuffledSubarray(revisions, { minLength: revisions.length }), fc.shuffledSubarray(revisions))
        .map(([all, again]) => [...all, ...again]),
    }),
  );
}

export function asEvent(revision: Revision): OrderEvent {
  return { kind: 'revised', ...revision };
}

/** Everything in one parcel, or a parcel for each line. */
function parcelsOf(lines: Shipment['lines'], isTogether: boolean): Shipment['parcels'] {
  return isTogether ? [parcel(1, lines)] : lines.map((each, index) => parcel(index + 1, [each]));
}
