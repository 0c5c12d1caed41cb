import type { FulfilmentNode, Instant } from '@quartermaster/domain';
import type { Crew, WorkSpan } from './crew.ts';
import { isArticle, type ReleasePolicy } from './release-policy.ts';

/** A shipment that waits for its release, or was released and has not left. */
export type ReleaseShipment = {
  readonly id: string;
  readonly node: string;
  /** `connection/service`. */
  readonly service: string;
  readonly lines: readonly { readonly sku: string; readonly units: number }[];
  /** Local date of the node. */
  readonly dispatchDate: string;
  readonly promiseDate: string | null;
  /** The greater, the earlier; 0 is usual. */
  readonly priority: number;
  /** What of its order and its stock a policy may ask for. */
  readonly standing: {
    /** Why it is paused; null when it is not. */
    readonly held: string | null;
    readonly payment: 'open' | 'secured' | 'captured';
    readonly risk: 'low' | 'medium' | 'high' | 'unknown';
    readonly isReserved: boolean;
    /** Why what is known of its stock or its order is too old to act on; null when it is not. */
    readonly tooOld: string | null;
  };
};

/** A node as a release sees it. `works` says on which local dates its weekly shifts are worked. */
export type ReleaseNode = Pick<FulfilmentNode, 'id' | 'zone' | 'labor'> & {
  readonly crew: Crew | null;
  readonly works: (date: string) => boolean;
};

/** What a shipment is by its articles, its work and its cutoff. */
export type Profile = {
  readonly shipment: ReleaseShipment;
  /** `a+b` where it is picked in several; null in none. */
  readonly zone: string | null;
  readonly kind: string | null;
  readonly minutes: number;
  /** The next cutoff that it can meet: that of its day, or, when that is over, of the next day on which it can leave. Null when there is none in the days that are looked at. */
  readonly closesAt: Instant | null;
};

/** Zone, kind and minutes of a shipment. */
export function workOf(shipment: ReleaseShipment, node: ReleaseNode, policy: ReleasePolicy): Omit<Profile, 'shipment' | 'closesAt'> {
  const zones = namesOf(
    shipment.lines.map(
      ({ sku }) => policy.zones.find((zone) => (zone.nodes?.includes(node.id) ?? true) && isArticle(sku, zone.articles))?.name,
    ),
  );
  const kinds = namesOf(shipment.lines.map(({ sku }) => policy.kinds.find((kind) => isArticle(sku, kind.articles))?.name));
  const { minutesPerShipment, minutesPerLine, minutesPerUnit } = node.labor;
  const units = shipment.lines.reduce((sum, line) => sum + line.units, 0);
  return {
    zone: zones.length === 0 ? null : zones.join('+'),
    kind: kinds.length === 0 ? null : kinds.join('+'),
    minutes: minutesPerShipment + shipment.lines.length * minutesPerLine + units * minutesPerUnit + zones.length * policy.minutesPerZone,
  };
}

/** When the crew of each node works; a node without a crew is missing. */
export type SpansByNode = ReadonlyMap<string, readonly WorkSpan[]>;

function namesOf(names: readonly (string | undefined)[]): string[] {
  return [...new Set(names.filter((each) => each !== undefined))].sort();
}
