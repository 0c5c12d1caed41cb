import { epochMs, type ConnectionId, type Instant, type NodeId, type StockPosition } from '@quartermaster/domain';
import { degradedStepsOf, syncWindowOf, type DegradedStep, type SyncWindow } from '@quartermaster/inventory';
import type { ReadTransaction, Transaction } from '@quartermaster/journal';
import { z } from 'zod';
import { scopeOf, type FlowContext } from '../context.ts';
import { standingCounts } from '../counts/take-counts.ts';
import type { FlowSettings } from '../settings.ts';
import { turnTaken } from '../turns.ts';
import { readingAt } from './stock-reading.ts';
import { tell, tellAll } from './tell.ts';

/** A source with a declared window, and what is done while it is read later than that: no steps where it is not. */
export type SourceStanding = {
  /** The connection of a channel or of the ERP, or `count/NODE`. */
  readonly source: string;
  readonly kind: 'channel' | 'erp' | 'count';
  /** Whose stock it tells. */
  readonly nodes: readonly NodeId[];
  readonly window: SyncWindow;
  /** When it was read, or counted, last. Null: never. */
  readonly readAt: Instant | null;
  readonly lagMs: number | null;
  readonly steps: readonly DegradedStep[];
};

/** The turn of reading a channel's orders. */
const reading = 'orders';

/** How each source that has a window of its own stands at an instant: channels first, then what tells stock. */
export async function sourceStandings(
  tx: ReadTransaction | Transaction,
  settings: FlowSettings,
  now: Instant,
): Promise<readonly SourceStanding[]> {
  const { inventory, channels, nodes, counts, erp } = settings;
  if (Object.keys(inventory.syncWindows).length === 0) return [];
  const found: SourceStanding[] = [];
  const add = (source: Pick<SourceStanding, 'source' | 'kind' | 'nodes' | 'window' | 'readAt'>) => {
    const lagMs = source.readAt === null ? null : Math.max(0, epochMs(now) - epochMs(source.readAt));
    found.push({ ...source, lagMs, steps: degradedStepsOf(source.window, lagMs) });
  };
  for (const { connection, mode } of channels) {
    const window = syncWindowOf(inventory, connection);
    if (window === null || mode !== 'auto') continue;
    add({ source: connection, kind: 'channel', nodes: [], window, readAt: await turnTaken(tx, scopeOf(settings, connection), reading) });
  }
  const counted = new Set(counts.map(({ node }) => node));
  const ofErp = inventory.syncWindows[erp.connection];
  const readAt = ofErp === undefined ? null : await readingAt(tx);
  // Before the ERP was read for the first time nothing of it is shown anywhere.
  if (ofErp !== undefined && readAt !== null)
    add({
      source: erp.connection,
      kind: 'erp',
      nodes: nodes.map(({ id }) => id).filter((id) => !counted.has(id)),
      window: ofErp,
      readAt,
    });
  const windowed = counts.filter(({ node }) => inventory.syncWindows[countSource(node)] !== undefined);
  for (const [node, count] of await standingCounts(tx, { settings: { ...settings, counts: windowed } })) {
    const window = inventory.syncWindows[countSource(node)];
    if (window !== undefined) add({ source: countSource(node), kind: 'count', nodes: [node], window, readAt: count?.countedAt ?? null });
  }
  return found;
}

/** The same where the ERP's stock was read just now. */
export function erpRead(standings: readonly SourceStanding[]): readonly SourceStanding[] {
  return standings.filter(({ kind }) => kind !== 'erp');
}

/** Positions without what is announced to nodes of which nothing is to be sold. */
export function withoutStopped(positions: readonly StockPosition[], standings: readonly SourceStanding[]): StockPosition[] {
  const stopped = new Set(standings.flatMap(({ steps, nodes }) => (steps.includes('stop-selling') ? nodes : [])));
  return positions.map((each) => (stopped.has(each.node) ? { ...each, inbound: [] } : each));
}

/** What a person is to know of a source that is behind: since when, and what that does. Null where it is not. */
export function whyBehind({ kind, readAt, window, nodes, steps }: SourceStanding): string | null {
  if (steps.length === 0) return null;
  const where = nodes.join(', ');
  const does = {
    channel: {
      'raise-buffer': 'it shows less by what it may have sold since',
      'stop-selling': 'it shows nothing',
      'hold-release': 'nothing of its orders is released',
    },
    stock: {
      'raise-buffer': `less of ${where} is shown by what may have gone since`,
      'stop-selling': `nothing of ${where} is for sale`,
      'hold-release': `nothing is released from ${where}`,
    },
  }[kind === 'channel' ? 'channel' : 'stock'];
  const since = readAt === null ? 'it was never read' : `it was last ${kind === 'count' ? 'counted' : 'read'} at ${readAt}`;
  return `${since}, and its window is ${window.minutes} minutes: ${steps.map((step) => does[step]).join(', and ')} until it is read again`;
}

/** What is not released, because what is known of its stock, or of its order, is older than the policy lets it be: the reason by node and by channel. */
export type TooOld = { readonly nodes: ReadonlyMap<NodeId, string>; readonly channels: ReadonlyMap<ConnectionId, string> };

export function tooOldToRelease(standings: readonly SourceStanding[]): TooOld {
  const held = standings.filter(({ steps }) => steps.includes('hold-release'));
  const why = (standing: SourceStanding) => `${standing.source}: ${whyBehind(standing) ?? ''}`;
  return {
    nodes: new Map(held.flatMap((each) => each.nodes.map((node) => [node, why(each)] as const))),
    channels: new Map(held.flatMap((each) => (each.kind === 'channel' ? [[each.source, why(each)] as const] : []))),
  };
}

const kind = 'degraded';
const stepsSchema = z.object({ steps: z.array(z.string()) });

/** Tells of each step that begins or ends, once; and keeps an exception for each source while it is behind. */
export async function tellBehind(
  tx: Transaction,
  context: Pick<FlowContext, 'settings' | 'clock' | 'log'>,
  standings: readonly SourceStanding[],
): Promise<void> {
  const at = context.clock.now();
  const stock = new Map<string, string>();
  for (const standing of standings) {
    const { source, steps } = standing;
    const reason = whyBehind(standing);
    if (standing.kind === 'channel') await tell(tx, context, { code: 'channel-behind', subjectKey: source }, reason);
    else if (reason !== null) stock.set(source, reason);
    const record = await tx.records.get(kind, source, stepsSchema);
    const before = record?.body.steps ?? [];
    const begun = steps.filter((step) => !before.includes(step));
    const ended = before.filter((step) => !steps.some((each) => each === step));
    if (begun.length + ended.length === 0) continue;
    for (const step of begun) context.log({ at, event: 'source.degraded', source, step });
    for (const step of ended) context.log({ at, event: 'source.recovered', source, step });
    const state = steps.length === 0 ? 'well' : 'behind';
    await tx.records.put(kind, source, { state, body: { steps: [...steps] }, at, version: record?.version ?? 0 });
  }
  await tellAll(tx, context, 'stock-behind', stock);
}

function countSource(node: NodeId): string {
  return `count/${node}`;
}
