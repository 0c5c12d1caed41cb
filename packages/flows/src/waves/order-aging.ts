import type { Instant } from '@quartermaster/domain';
import { agingOf, hasLeft, isLive, openLines, type Aging, type AgingOrder, type OrderCase, type Shipment } from '@quartermaster/fulfilment';
import type { JournalReader } from '@quartermaster/journal';
import { activeStates, listCases } from '../order-cases.ts';
import type { FlowSettings } from '../settings.ts';
import { arrivalOf } from './arrivals.ts';
import { releaseCircumstances } from './release-circumstances.ts';
import { releaseStanding } from './release-standing.ts';
import { promiseDate } from './sourcing-problem.ts';

/** How old the open orders of a journal are, and which promises are in danger. Without personal data. */
export async function orderAging(journal: JournalReader, settings: FlowSettings, at: Instant): Promise<Aging & { readonly at: Instant }> {
  const { cases, standing } = await journal.read(async (tx) => ({
    cases: (await listCases(tx, activeStates)).map((stored) => stored.case),
    standing: await releaseCircumstances(tx, settings, at),
  }));
  const { plan, named } = releaseStanding(cases, settings, at, standing);
  const behind = new Set(
    plan.nodes.flatMap(({ cutoffs }) => cutoffs.flatMap(({ atRisk }) => atRisk.flatMap((id) => named.get(id)?.order ?? []))),
  );
  const orders = cases
    .filter(({ state }) => state !== 'cancelling')
    .map((each): AgingOrder => {
      const arrivals = (daysLater: number) => lastArrival(each, settings, at, daysLater);
      return {
        order: each.key,
        name: each.order.name,
        state: each.state,
        placedAt: each.order.placedAt,
        waitsFor: waitsFor(each),
        promiseDate: promiseDate(each.order, settings),
        arrivesOn: arrivals(0),
        ifLeftBehind: behind.has(each.key) ? arrivals(1) : null,
      };
    });
  return { at, ...agingOf(orders, { at, zone: settings.zone, hours: settings.release.agingHours }) };
}

/** Null while something of the order has no shipment. */
function lastArrival(each: OrderCase, settings: FlowSettings, at: Instant, daysLater: number): string | null {
  if (each.state !== 'committed' || openLines(each).length > 0) return null;
  const dates = each.shipments.filter(isLive).map((shipment) => arrivalOf(each, shipment, settings, at, hasLeft(shipment) ? 0 : daysLater));
  return dates.includes(null)
    ? null
    : (dates
        .filter((date) => date !== null)
        .sort()
        .at(-1) ?? null);
}

function waitsFor(each: OrderCase): string {
  if (each.holds.length > 0) return each.holds.map(({ code, reason }) => `${code}: ${reason}`).join('; ');
  if (each.state === 'open') return 'a wave';
  if (openLines(each).length > 0) return 'stock';
  return [...new Set(each.shipments.filter(isLive).map(stepOf))].join(', ');
}

function stepOf(shipment: Shipment): string {
  if (shipment.state === 'confirmed') return 'nothing';
  if (shipment.state === 'shipped') return 'the channel to be told';
  if (!shipment.released) return 'its release';
  if (shipment.shortage.length > 0) return 'stock to be reserved';
  return shipment.state === 'labelled' ? 'being shipped' : shipment.state === 'written' ? 'its labels' : 'the ERP';
}
