import { addDays, daysBetween, type Instant } from '@quartermaster/domain';
import { dispatchDateAt } from '@quartermaster/fulfilment';
import { arrivalAfter, dispatchAt, everyDay, mostDaysAhead, serviceTerms, sureDays, type DispatchTerms } from '@quartermaster/promise';
import type { CarrierSettings, FlowSettings } from './settings.ts';

export type NodeSettings = FlowSettings['nodes'][number];

/** A service of a carrier's tariff, by the id that it has there. */
export type ServiceOfCarrier = { readonly carrier: CarrierSettings; readonly service: string };

/** What decides on which day something leaves a node by a service; without a service only the node does. Where no calendar is set every day counts. */
export function dispatchTerms(node: NodeSettings, way: ServiceOfCarrier | null, waves: DispatchTerms['waves']): DispatchTerms {
  const { pickup, cutoff } = serviceTerms(way?.carrier.calendar, way?.service ?? '');
  return { zone: node.zone, warehouse: { calendar: node.calendar ?? everyDay, cutoff: node.cutoff }, carrier: { pickup, cutoff }, waves };
}

/**
 * The local date of a node on which what is decided at `at` leaves it by a service. A wave is a moment of deciding, so no later one is waited for. What nothing fetches or sends for more than a year leaves after
 * that: so late that it is not chosen.
 */
export function dispatchDateOf(node: NodeSettings, way: ServiceOfCarrier | null, at: Instant): string {
  if (node.calendar === undefined && way?.carrier.calendar === undefined) return dispatchDateAt(node, at);
  return dispatchAt(dispatchTerms(node, way, null), at)?.date ?? addDays(dispatchDateAt(node, at), mostDaysAhead);
}

/** Days of the calendar from leaving on `date` until arriving, for what is stated to take so many days under way, as surely as the policy wants it. Without a calendar of the carrier they are the stated ones. */
export function daysUnderWay(way: ServiceOfCarrier, date: string, statedDays: number, { sourcing }: FlowSettings): number {
  const { takes } = serviceTerms(way.carrier.calendar, way.service);
  return calendarDays(way, date, sureDays(takes(statedDays), sourcing.confidence));
}

/** Days of the calendar that so many days under way take, counted by the calendar of the carrier, where there is one. */
export function calendarDays({ carrier, service }: ServiceOfCarrier, date: string, days: number): number {
  if (carrier.calendar === undefined) return days;
  const arrival = arrivalAfter(serviceTerms(carrier.calendar, service).transit, date, days);
  return arrival === null ? mostDaysAhead : daysBetween(date, arrival.date);
}
