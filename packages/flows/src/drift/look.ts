import {
  instantOf,
  epochMs,
  isFault,
  orderKey,
  parseKey,
  type Channel,
  type ConnectionId,
  type Erp,
  type ErpOrder,
  type OrderStanding,
} from '@quartermaster/domain';
import type { OrderCase } from '@quartermaster/fulfilment';
import type { JournalReader, ReadTransaction } from '@quartermaster/journal';
import { actsOn, scopeOf, type FlowContext } from '../context.ts';
import { hasBegun, isHistory, unreadable } from '../intake/intake.ts';
import { intentsOf } from '../intents.ts';
import { levelsAtPlaces, levelsToShow, placeKey } from '../stock/levels.ts';
import { findCase, listCases } from '../order-cases.ts';
import { knownLevels } from '../stock/known-levels.ts';
import { lessDoubts, stockDoubts } from '../resourcing/stock-doubt.ts';
import { factsOf } from '../stock/read-facts.ts';
import { readErpStock, uncertainUnits, withCounts } from '../stock/read-stock.ts';
import { erpRead, sourceStandings } from '../stock/sources-behind.ts';
import { connectionOf, speakingTo } from '../speaking-to.ts';
import { unreadUnits } from '../stock/unread-sales.ts';
import { compareDrift, type Compared, type Comparison } from './compare.ts';
import type { Difference } from './difference.ts';
import type { DriftEntry } from './ledger.ts';
import type { JournalOrder, LevelViews, OrderViews } from './views.ts';

/** What a look needs: it only reads, so a journal that can be read is enough. */
export type LookContext = Pick<FlowContext, 'settings' | 'erp' | 'channels' | 'clock'> & { readonly journal: JournalReader };

/** One order, or one article at all nodes and channels; all when left out. */
export type LookAt = { readonly order?: string; readonly sku?: string };

export type Look = Comparison & {
  /** What was compared in all. */
  readonly orders: number;
  readonly levels: number;
  readonly positions: number;
  /** Connections that were not read, and why. */
  readonly unread: readonly { readonly connection: ConnectionId; readonly why: string }[];
  /** Where the next look goes on with the figures of each channel. */
  readonly levelsReadTo: ReadonlyMap<ConnectionId, string>;
};

const ordersAtOnce = 100;
/** States of an intent that may still have an effect, or had one that we do not know of yet. */
const live = ['planned', 'ready', 'leased', 'sent', 'unknown'] as const;

/**
 * Reads the three sides in bulk, some hundred orders at a time, and compares them. Of each batch the journal is read last: what happened meanwhile shows there as young or under way. A
 * connection whose circuit is open, or that fails, is left out and named; the rest is compared. Writes nothing.
 */
export async function look(
  context: LookContext,
  given: { readonly at: LookAt; readonly open: ReadonlyMap<string, DriftEntry>; readonly levelsFrom: ReadonlyMap<ConnectionId, string> },
): Promise<Look> {
  const { settings, journal, clock } = context;
  const { at } = given;
  const unread = new Map<ConnectionId, string>();
  const differences: Difference[] = [];
  const compared: Compared[] = [];
  const counts = { orders: 0, levels: 0, positions: 0 };
  const take = (
    views: { orders?: OrderViews[]; levels?: LevelViews[] } & { positions?: Parameters<typeof compareDrift>[0]['positions'] },
  ) => {
    const { orders = [], levels = [], positions = [] } = views;
    const found = compareDrift({ orders, levels, positions }, settings.reconcile, clock.now());
    differences.push(...found.differences);
    compared.push(...found.compared);
    counts.orders += orders.length;
    counts.levels += levels.length;
    counts.positions += positions.length;
  };
  const sides = await reachable(context, unread);
  const open = await journal.read((tx) => listCases(tx, ['held', 'open', 'committed', 'cancelling']));
  if (at.sku === undefined) {
    const wanted = ordersWanted(
      open.map((stored) => stored.case),
      given.open,
      at,
    );
    for (const { connection } of settings.channels) {
      const rest = wanted.get(connection) ?? new Set<string>();
      const channel = sides.channels.get(connection) ?? null;
      if (at.order === undefined && channel !== null && actsOn(settings, connection)) {
        const changedSince = instantOf(epochMs(clock.now()) - settings.reconcile.lookBackHours * 3_600_000);
        await reading(unread, connection, async () => {
          for await (const page of channel.standings({ changedSince })) {
            take({ orders: await viewsOf(context, sides.erp, connection, new Map(page.map((standing) => [standing.id, standing]))) });
            for (const { id } of page) rest.delete(id);
          }
        });
      }
      for (const batch of batches([...rest], ordersAtOnce)) {
        const standings =
          unread.has(connection) || channel === null ? null : await reading(unread, connection, () => standingsOf(channel, batch));
        const views = new Map(batch.map((id) => [id, standings === null ? null : (standings.get(id) ?? ('absent' as const))]));
        take({ orders: await viewsOf(context, unread.has(settings.erp.connection) ? null : sides.erp, connection, views) });
      }
    }
  }
  const levelsReadTo = new Map<ConnectionId, string>();
  const { erp } = sides;
  if (at.order === undefined && erp !== null && !unread.has(settings.erp.connection)) {
    const positions = await reading(unread, settings.erp.connection, () =>
      // All of it, also for one article: what it may show depends on the kits that share its components.
      readErpStock({ erp, settings }, null),
    );
    if (positions !== null) {
      take({ positions: at.sku === undefined ? positions : positions.filter(({ sku }) => sku === at.sku) });
      const counted = lessDoubts(await withCounts(context, positions), await journal.read(stockDoubts));
      const { facts, standings } = await journal.read(async (tx) => ({
        facts: await factsOf(tx, context),
        standings: erpRead(await sourceStandings(tx, settings, context.clock.now())),
      }));
      const promised = levelsToShow(
        counted,
        open.map((stored) => stored.case),
        settings,
        await journal.read((tx) => unreadUnits(tx, context)),
        { ...facts, uncertain: uncertainUnits(counted, context, facts, standings) },
      );
      for (const { connection, mode } of settings.channels) {
        const channel = sides.channels.get(connection);
        if (channel === undefined || mode !== 'auto' || settings.erp.mode !== 'auto' || unread.has(connection)) continue;
        const wanted = await levelsWanted(
          context,
          connection,
          levelsAtPlaces(promised.get(connection) ?? [], channel.capabilities),
          given,
          at,
        );
        if (wanted === null) continue;
        const shown = await reading(unread, connection, () => channel.shownStock(wanted.places));
        if (shown === null) continue;
        take({ levels: wanted.places.map((place, index) => ({ ...place, connection, shown: shown[index] ?? null })) });
        levelsReadTo.set(connection, wanted.readTo);
      }
    }
  }
  const untouched = [...unread].map(([connection, why]) => ({ connection, why }));
  return { differences, compared, ...counts, unread: untouched, levelsReadTo };
}

type Reachable = { readonly erp: Erp | null; readonly channels: ReadonlyMap<ConnectionId, Channel> };

/** Connections whose circuit is closed. */
async function reachable({ journal, settings, erp, channels }: LookContext, unread: Map<ConnectionId, string>): Promise<Reachable> {
  const isClosed = async (connection: ConnectionId): Promise<boolean> => {
    const circuit = await journal.read((tx) => tx.circuits.get(scopeOf(settings, connection)));
    const closed = circuit === null || circuit.state === 'closed';
    if (!closed) unread.set(connection, 'it is left alone: its circuit is open');
    return closed;
  };
  const there = new Map<ConnectionId, Channel>();
  for (const [connection, channel] of channels) if (await isClosed(connection)) there.set(connection, channel);
  return { erp: (await isClosed(erp.connection)) ? erp : null, channels: there };
}

/** Reads a connection; when it fails it is named, and null comes back. */
async function reading<Result>(
  unread: Map<ConnectionId, string>,
  connection: ConnectionId,
  read: () => Promise<Result>,
): Promise<Result | null> {
  try {
    return await speakingTo(connection, read);
  } catch (error) {
    if (!isFault(error)) throw error;
    unread.set(connectionOf(error) ?? connection, error.message);
    return null;
  }
}

/** Order ids by channel: all that are under way, and those of open entries of the ledger. */
function ordersWanted(cases: readonly OrderCase[], open: ReadonlyMap<string, DriftEntry>, at: LookAt): Map<ConnectionId, Set<string>> {
  const keys = new Set(cases.map(({ key }) => key));
  for (const { subject } of open.values()) if (subject.kind === 'order') keys.add(subject.order);
  const wanted = new Map<ConnectionId, Set<string>>();
  for (const key of at.order === undefined ? keys : [at.order]) {
    const { scope, ids } = parseKey(key);
    const [orderId] = ids;
    if (orderId !== undefined) wanted.set(scope.connection, (wanted.get(scope.connection) ?? new Set()).add(orderId));
  }
  return wanted;
}

async function standingsOf(channel: Channel, orders: readonly string[]): Promise<Map<string, OrderStanding>> {
  const found = new Map<string, OrderStanding>();
  for await (const page of channel.standings({ orders })) for (const standing of page) found.set(standing.id, standing);
  return found;
}

async function viewsOf(
  context: LookContext,
  erp: Erp | null,
  connection: ConnectionId,
  channel: ReadonlyMap<string, OrderViews['channel']>,
): Promise<OrderViews[]> {
  const { journal, settings } = context;
  const scope = scopeOf(settings, connection);
  const ids = [...channel.keys()];
  const there = await inErp(
    erp,
    ids.map((orderId) => ({ scope, orderId })),
  );
  return journal.read(async (tx) => {
    const views: OrderViews[] = [];
    for (const [index, orderId] of ids.entries()) {
      const key = orderKey(scope, orderId);
      const standing = channel.get(orderId) ?? null;
      const order = await journalOrder(tx, context, { connection, key, standing });
      const written = there === null ? null : (there[index] ?? 'absent');
      views.push({ key, connection, orderId, channel: standing, erp: written, journal: order });
    }
    return views;
  });
}

async function inErp(erp: Erp | null, keys: Parameters<Erp['findOrders']>[0]): Promise<(ErpOrder | null)[] | null> {
  return erp === null ? null : speakingTo(erp.connection, () => erp.findOrders(keys));
}

async function journalOrder(
  tx: ReadTransaction,
  { settings }: LookContext,
  given: { connection: ConnectionId; key: string; standing: OrderViews['channel'] },
): Promise<JournalOrder> {
  const { connection, key, standing } = given;
  const found = await findCase(tx, key);
  if (found !== null) {
    const [going] = await intentsOf(tx, key, { states: [...live], limit: 1 });
    return { kind: 'case', ...found, underWay: going !== undefined };
  }
  if (standing === null || standing === 'absent' || !actsOn(settings, connection)) return { kind: 'others' };
  if (!(await hasBegun(tx, scopeOf(settings, connection)))) return { kind: 'others' };
  if (await isHistory(tx, scopeOf(settings, connection), key, standing)) return { kind: 'others' };
  const setAside = await tx.exceptions.list({ code: unreadable, subjectKey: key, open: true, limit: 1 });
  return { kind: setAside.length > 0 ? 'others' : 'unknown' };
}

/**
 * The figures that are read now: so many as the policy says behind those of the last look, and those of open entries. Null while figures are on their way there.
 */
async function levelsWanted(
  { journal, settings }: LookContext,
  connection: ConnectionId,
  promised: readonly { readonly sku: string; readonly node: string; readonly available: number }[],
  given: { readonly open: ReadonlyMap<string, DriftEntry>; readonly levelsFrom: ReadonlyMap<ConnectionId, string> },
  at: LookAt,
): Promise<{ readonly places: Omit<LevelViews, 'shown' | 'connection'>[]; readonly readTo: string } | null> {
  const { known, pushing } = await journal.read(async (tx) => ({
    known: await knownLevels(tx, connection),
    pushing: await tx.intents.list({ kinds: ['push-stock'], connections: [connection], states: [...live], limit: 1 }),
  }));
  if (pushing.length > 0) return null;
  const byPlace = new Map<string, Omit<LevelViews, 'shown' | 'connection'>>();
  for (const [key, level] of known) byPlace.set(key, { sku: level.sku, node: level.node, promised: 0, known: level });
  for (const { sku, node, available } of promised) {
    const key = placeKey(sku, node);
    byPlace.set(key, { sku, node, promised: available, known: known.get(key) ?? null });
  }
  const keys = [...byPlace.keys()].sort();
  const asked = new Set(
    [...given.open.values()].flatMap(({ subject }) =>
      subject.kind === 'level' && subject.connection === connection ? [placeKey(subject.sku, subject.node)] : [],
    ),
  );
  const from = given.levelsFrom.get(connection) ?? '';
  const round = [...keys.filter((key) => key > from), ...keys.filter((key) => key <= from)].slice(0, settings.reconcile.levelsPerLook);
  const chosen =
    at.sku === undefined
      ? keys.filter((key) => asked.has(key) || round.includes(key))
      : keys.filter((key) => byPlace.get(key)?.sku === at.sku);
  return { places: chosen.flatMap((key) => byPlace.get(key) ?? []), readTo: round.at(-1) ?? '' };
}

function batches<Item>(items: readonly Item[], size: number): Item[][] {
  return Array.from({ length: Math.ceil(items.length / size) }, (_, index) => items.slice(index * size, (index + 1) * size));
}
