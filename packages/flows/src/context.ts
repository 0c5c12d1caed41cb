import type { Carrier, Channel, Clock, ConnectionId, Erp, Instant, Notifier, Scope } from '@quartermaster/domain';
import type { Journal } from '@quartermaster/journal';
import type { MipSolver } from '@quartermaster/sourcing';
import type { Around } from './around.ts';
import type { Catalogue } from './catalogue.ts';
import type { ConnectionCircuits } from './connection-circuits.ts';
import type { KnownEvent } from './events.ts';
import type { Pulse } from './pulse.ts';
import type { ReplicaSelf } from './replica.ts';
import type { ReadCountFile } from './counts/take-counts.ts';
import type { FlowSettings } from './settings.ts';

/** An event as its readers see it: a name of the catalogue (`events.ts`) with its fields. */
export type FlowEvent = { readonly at: Instant; readonly event: string; readonly [field: string]: unknown };

/** Takes what is worth telling. An event is of the catalogue; it never holds a sentence of a vendor or personal data. */
export type EventLog = (event: KnownEvent) => void;

/** What the flows live in: the journal, the ports to the outside, the settings, time and chance. */
export type FlowContext = {
  readonly journal: Journal;
  /** With the policy that is in force. */
  readonly settings: FlowSettings;
  /** As the config has them, whatever policy was applied since. */
  readonly configured: FlowSettings;
  readonly erp: Erp;
  readonly channels: ReadonlyMap<ConnectionId, Channel>;
  readonly carriers: ReadonlyMap<ConnectionId, Carrier>;
  /** Where people are told of what happens; needed where the settings name notifiers. */
  readonly notifiers?: ReadonlyMap<ConnectionId, Notifier>;
  /** Products of the ERP. */
  readonly catalogue: Catalogue;
  readonly circuits: ConnectionCircuits;
  /** This process among those that share the journal. */
  readonly replica: ReplicaSelf;
  /** Keeps leases alive while a call is under way. */
  readonly pulse: Pulse;
  /** Proves small waves optimal; null plans by search alone. */
  readonly solver: MipSolver | null;
  /** Where counts of other people's warehouses are read; needed where the settings name counted nodes. */
  readonly readCountFile?: ReadCountFile;
  readonly clock: Clock;
  /** Random numbers from 0 to 1, for jitter. */
  readonly random: () => number;
  readonly log: EventLog;
  /** Channels that this process has told to be held back. */
  readonly heldBack: Set<ConnectionId>;
  /** Stands around every step. */
  readonly around: Around;
};

export function scopeOf(settings: FlowSettings, connection: ConnectionId): Scope {
  return { tenant: settings.tenant, company: settings.company, connection };
}

/** Orders of this channel are acted on: it, the ERP and every carrier are in mode `auto`. */
export function actsOn(settings: FlowSettings, channel: ConnectionId): boolean {
  return (
    settings.erp.mode === 'auto' &&
    settings.carriers.every((carrier) => carrier.mode === 'auto') &&
    settings.channels.some((each) => each.connection === channel && each.mode === 'auto')
  );
}

export function ownerOf(settings: FlowSettings, code: string): string {
  return settings.owners[code] ?? settings.owners['*'] ?? 'operations';
}
