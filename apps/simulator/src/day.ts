import type { ConnectionId, NodeId, Sku } from '@quartermaster/domain';

/** A vendor's side that calls go to: `odoo`, `post` (EasyPost), or a shop. */
export type Vendor = ConnectionId;

/** What goes wrong with calls on the wire. `-before`: nothing was done; `-after`: it was done and the answer is lost or spoilt. */
export const wireFaults = [
  'hang-before',
  'hang-after',
  'drop-before',
  'drop-after',
  'error-before',
  'error-after',
  'rate-limited',
  'malformed-before',
  'malformed-after',
  'truncated-after',
  'unauthorized',
  'refused-connection',
  'slow',
  'stale',
] as const;
export type WireFault = (typeof wireFaults)[number];

/** Something that happens in a day beside what the daemon does. `at` is in milliseconds since the day began; `id` names it, and decides its chance. */
export type Happening = { readonly id: number; readonly at: number } & (
  | {
      readonly kind: 'order';
      readonly shop: ConnectionId;
      readonly lines: readonly { readonly sku: Sku; readonly quantity: number; readonly discount: string | null }[];
      readonly payment: 'PAID' | 'PENDING' | 'AUTHORIZED';
      readonly shipping: string | null;
      readonly risky: boolean;
    }
  /** `order` is the id of an order's happening, here and below. */
  | {
      readonly kind: 'shop-edit';
      readonly order: number;
      readonly edit: 'cancel' | 'address' | 'refund-unit' | 'pay' | 'hold' | 'release' | 'refund-money';
    }
  | { readonly kind: 'odoo-edit'; readonly order: number; readonly edit: 'cancel' | 'validate' | 'unreserve' | 'price' | 'cancel-delivery' }
  | { readonly kind: 'receipt'; readonly sku: Sku; readonly node: NodeId; readonly units: number }
  | {
      readonly kind: 'operator';
      readonly order: number;
      readonly act: 'hold' | 'release' | 'override' | 'retry' | 'drop' | 'pause' | 'resume';
    }
  | { readonly kind: 'fault'; readonly vendor: Vendor; readonly fault: WireFault; readonly forMs: number; readonly share: number }
  /** At which await point it befalls the replica: the first after `points` others of those whose name begins with `where`. */
  | { readonly kind: 'crash'; readonly replica: number; readonly where: string; readonly points: number; readonly backMs: number }
  | { readonly kind: 'stall'; readonly replica: number; readonly where: string; readonly points: number; readonly forMs: number }
  /** `from` is a vendor, or `journal`. */
  | { readonly kind: 'partition'; readonly replica: number; readonly from: Vendor; readonly forMs: number }
  | { readonly kind: 'lost-commits'; readonly replica: number; readonly forMs: number; readonly share: number }
  | { readonly kind: 'slow-disk'; readonly forMs: number; readonly diskMs: number }
  | { readonly kind: 'deploy'; readonly replica: number; readonly backMs: number }
);
export type HappeningKind = Happening['kind'];
export type HappeningOf<Kind extends HappeningKind> = Extract<Happening, { kind: Kind }>;

/** A day that a seed decided, or what is left of it while it is made smaller: all that the simulator needs to live it again. */
export type Day = {
  readonly seed: number;
  readonly replicas: 1 | 2 | 3;
  /** Several processes may write the journal; a single one may also have it to itself. */
  readonly shared: boolean;
  readonly shops: readonly [ConnectionId, ...ConnectionId[]];
  readonly carriers: readonly ('post' | 'house')[];
  readonly stock: readonly { readonly sku: Sku; readonly node: NodeId; readonly units: number }[];
  /** By how much clocks are ahead of the true time: each replica's, and each vendor's. */
  readonly skewMs: { readonly replicas: readonly number[]; readonly vendors: Readonly<Record<Vendor, number>> };
  /** The longest time after which a shop's search shows a change. */
  readonly searchLagMs: number;
  readonly webhooks: { readonly lost: number; readonly twice: number; readonly latestMs: number };
  readonly happenings: readonly Happening[];
};

export const dayStartsAt = '2026-11-23T08:00:00.000Z';
const minute = 60_000;
/** When the last fault is lifted and the last order has come, in milliseconds since the day began; from then on it is let settle. */
export const activeMs = 80 * minute;
/** Waves of the day, in the zone of the business (one hour ahead of UTC); enough of them after the faults for all that is left. */
export const waveTimes = ['09:25', '09:50', '10:15', '10:25', '10:40', '11:30', '12:30', '14:00', '17:00', '21:00'];
/** Those of them that come while things go wrong, in milliseconds since the day began. */
export const busyWaves = [25 * minute, 50 * minute, 75 * minute] as const;
