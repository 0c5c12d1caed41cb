import { daysBetween, instantAt, localDate, type Instant } from '@quartermaster/domain';
import {
  hasLeft,
  isLive,
  planRelease,
  type OrderCase,
  type ReleaseNode,
  type ReleasePlan,
  type ReleaseShipment,
  type Shipment,
} from '@quartermaster/fulfilment';
import { closingOf, whyClosed } from '@quartermaster/promise';
import { dispatchTerms } from '../calendars.ts';
import { priorityOf } from '../policy/allocation.ts';
import type { FlowSettings } from '../settings.ts';
import { openNodes } from '../resourcing/outages.ts';
import type { ReleaseCircumstances } from './release-circumstances.ts';
import type { TooOld } from '../stock/sources-behind.ts';
import { serviceOfShipment } from './plan-reading.ts';
import { promiseDate } from './sourcing-problem.ts';

/** A shipment of an order as a release names it. */
export type ShipmentName = { readonly order: string; readonly shipment: string };

/** A release as it would be, with the shipment that each of its ids means. */
export type ReleaseStanding = { readonly plan: ReleasePlan; readonly named: ReadonlyMap<string, ShipmentName & { readonly name: string }> };

/** What of these orders would be released at an instant; nothing from nodes that are closed then. Pure. */
export function releaseStanding(
  cases: readonly OrderCase[],
  settings: FlowSettings,
  at: Instant,
  { pending, outages, tooOld }: ReleaseCircumstances,
): ReleaseStanding {
  const open = cases
    .filter(({ state }) => state === 'committed')
    .flatMap((each) => each.shipments.filter(mayBePicked).map((shipment) => ({ each, shipment })));
  const isReleased = ({ each, shipment }: (typeof open)[number]) => shipment.released || pending.has(idOf(each, shipment));
  const working = new Set(openNodes(settings, at, outages).map(({ id }) => id));
  const isWaiting = ({ each, shipment }: (typeof open)[number]) =>
    !isReleased({ each, shipment }) && (shipment.state === 'planned' || shipment.state === 'written') && working.has(shipment.node);
  const inRelease = ({ each, shipment }: (typeof open)[number]) =>
    releaseShipment(each, shipment, { priority: releasePriority(each, settings, at), tooOld });
  const ways = new Map(open.map(({ shipment }) => [serviceIdOf(shipment), serviceOfShipment(settings, shipment)]));
  const nodes = new Map(settings.nodes.map((node) => [node.id, node]));
  const plan = planRelease({
    at,
    policy: settings.release,
    nodes: settings.nodes.map((node) => releaseNode(node, settings)),
    waiting: open.filter(isWaiting).map(inRelease),
    inFlight: open.filter(isReleased).map(inRelease),
    closesOn: remembered((shipment, date) => {
      const node = nodes.get(shipment.node);
      if (node === undefined) return null;
      const way = ways.get(shipment.service) ?? null;
      if (settings.release.cutoff === 'node') return instantAt(date, node.cutoff, node.zone);
      const closing = closingOf(dispatchTerms(node, way === null ? null : { carrier: way.carrier, service: way.service.id }, null), date);
      return closing.kind === 'open' ? closing.at : null;
    }),
  });
  const named = new Map(
    open.map(({ each, shipment }) => [idOf(each, shipment), { order: each.key, name: each.order.name, shipment: shipment.id }]),
  );
  return { plan, named };
}

/** Released or to be released, and not out of the house. */
function mayBePicked(shipment: Shipment): boolean {
  return isLive(shipment) && !hasLeft(shipment);
}

/** What the policy says of an order's turn among what is released together. */
function releasePriority({ order, scope }: OrderCase, settings: FlowSettings, at: Instant): number {
  const days = daysBetween(localDate(at, settings.zone), promiseDate(order, settings));
  return priorityOf(settings, { channel: scope.connection, order }, days)?.release ?? 0;
}

function releaseShipment(
  each: OrderCase,
  shipment: Shipment,
  { priority, tooOld }: { readonly priority: number; readonly tooOld: TooOld },
): ReleaseShipment {
  const { payment, total, risk } = each.order;
  const isSecured = payment.secured.minor >= total.minor;
  const isTaken = (payment.toCapture?.minor ?? 0) === 0 || each.capture?.state === 'done';
  return {
    id: idOf(each, shipment),
    node: shipment.node,
    service: serviceIdOf(shipment),
    lines: shipment.lines,
    dispatchDate: shipment.dispatchDate,
    promiseDate: shipment.promiseDate,
    priority,
    standing: {
      held: each.holds.length === 0 ? null : each.holds.map(({ code, reason }) => `${code}: ${reason}`).join('; '),
      payment: !isSecured ? 'open' : isTaken ? 'captured' : 'secured',
      risk,
      tooOld: tooOld.nodes.get(shipment.node) ?? tooOld.channels.get(each.scope.connection) ?? null,
      isReserved: shipment.delivery !== null && shipment.shortage.length === 0,
    },
  };
}

function releaseNode(node: FlowSettings['nodes'][number], { release, crewDates }: FlowSettings): ReleaseNode {
  const { id, zone, labor, calendar } = node;
  const [weekly, dates] = [release.crew[id], crewDates[id]];
  const crew = weekly === undefined && dates === undefined ? null : { shifts: weekly?.shifts ?? [], dates: { ...weekly?.dates, ...dates } };
  return { id, zone, labor, crew, works: (date) => calendar === undefined || whyClosed(calendar, date) === null };
}

/** Cutoffs hang on node, service and date alone, and computing local times is dear. */
function remembered(
  closesOn: (shipment: ReleaseShipment, date: string) => Instant | null,
): (shipment: ReleaseShipment, date: string) => Instant | null {
  const known = new Map<string, Instant | null>();
  return (shipment, date) => {
    const key = JSON.stringify([shipment.node, shipment.service, date]);
    const found = known.get(key);
    if (found !== undefined) return found;
    const closing = closesOn(shipment, date);
    known.set(key, closing);
    return closing;
  };
}

function idOf({ key }: OrderCase, { id }: Shipment): string {
  return JSON.stringify([key, id]);
}

function serviceIdOf({ carrier, service }: Shipment): string {
  return `${carrier}/${service}`;
}
