import type { ConnectionId } from '@quartermaster/domain';
import type { FlowSettings } from './settings.ts';

/** How many effects of a connection may be under way at a time in one process, by the connection; `elsewhere` is for connections that are not in the config any more. */
export type Places = ReadonlyMap<ConnectionId | typeof elsewhere, number>;

/** What waits for a connection that the config does not have any more: it is refused when its turn comes. */
export const elsewhere: unique symbol = Symbol('elsewhere');

/** Calls of a channel or carrier at the same time, where the settings say nothing. */
export const mostAtOnceByDefault = 8;

/**
 * Effects of the ERP side by side. They are more than its calls at a time, which its connector bounds: orders that are written, looked for or shipped in the same moment go to it as one call. No more
 * than a connection's retries that go at once, so that one outage does not use up more.
 */
const atErp = 100;

export function placesOf({ erp, channels, carriers, notifiers }: FlowSettings): Places {
  return new Map<ConnectionId | typeof elsewhere, number>([
    [erp.connection, atErp],
    ...[...channels, ...carriers].map((each) => [each.connection, each.mostAtOnce ?? mostAtOnceByDefault] as const),
    // A chat takes about one message a second.
    ...notifiers.map(({ connection }) => [connection, 1] as const),
    [elsewhere, mostAtOnceByDefault],
  ]);
}

/**
 * The connections for which it is worth asking what is due, and how much of it may begin: those with nothing under way, and those of which half the places are free, so that claims share a transaction,
 * and what is begun at once can go as one call. Pure.
 */
export function freePlaces(places: Places, underWay: ReadonlyMap<ConnectionId | typeof elsewhere, number>): Places {
  return new Map(
    [...places].flatMap(([connection, most]) => {
      const busy = underWay.get(connection) ?? 0;
      return busy * 2 <= most && busy < most ? [[connection, most - busy] as const] : [];
    }),
  );
}
