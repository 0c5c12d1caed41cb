import { epochMs, instantOf, type Instant } from '@quartermaster/domain';
import { hasLeft, type CutoffBacklog, type Later, type NodeBacklog, type OrderCase, type PickGroup } from '@quartermaster/fulfilment';
import type { JournalReader, ReadTransaction } from '@quartermaster/journal';
import { listCases } from '../order-cases.ts';
import type { FlowSettings } from '../settings.ts';
import { pickWavesSince, type PickWave } from './pick-waves.ts';
import { releaseCircumstances } from './release-circumstances.ts';
import { releaseStanding, type ReleaseStanding, type ShipmentName } from './release-standing.ts';
import { wavesMemory } from './wave.ts';

/** A shipment as people read it: `name` is the order's. */
export type NamedShipment = ShipmentName & { readonly name: string };

/** What a release would do now: its groups, why each other shipment stays and until when, and whether each node is done in time. */
export type ReleaseView = {
  readonly at: Instant;
  readonly groups: readonly (Omit<PickGroup, 'shipments'> & { readonly shipments: readonly NamedShipment[] })[];
  readonly later: readonly (Omit<Later, 'id'> & NamedShipment)[];
  readonly nodes: readonly NodeView[];
};

export type NodeView = Omit<NodeBacklog, 'cutoffs'> & {
  readonly cutoffs: readonly (Omit<CutoffBacklog, 'atRisk'> & { readonly atRisk: readonly NamedShipment[] })[];
};

/** The flow board of the nodes: what waits, what is in work, what left, the work by cutoff, and the pick waves of the day. */
export type FlowBoard = {
  readonly at: Instant;
  /** What is not released because it was read too long ago: a sentence for each source. */
  readonly tooOld: readonly string[];
  readonly nodes: readonly (NodeView & {
    /** Shipments that left in the last 24 hours, and in the last hour. */
    readonly left: { readonly day: number; readonly hour: number };
  })[];
  /** Of the last 24 hours, oldest first. */
  readonly pickWaves: readonly (PickWave & { readonly key: string; readonly state: string; readonly open: number })[];
};

/** Writes nothing. */
export async function releasePreview(journal: JournalReader, settings: FlowSettings, at: Instant): Promise<ReleaseView> {
  return journal.read(async (tx) => {
    const cases = (await listCases(tx, ['committed'])).map((stored) => stored.case);
    return releaseView(releaseStanding(cases, settings, at, await releaseCircumstances(tx, settings, at)), at);
  });
}

export function releaseView({ plan, named }: ReleaseStanding, at: Instant): ReleaseView {
  const nameOf = (id: string): NamedShipment => named.get(id) ?? { order: id, name: id, shipment: '' };
  return {
    at,
    groups: plan.groups.map((group) => ({ ...group, shipments: group.shipments.map(nameOf) })),
    later: plan.later.map(({ id, why, until }) => ({ ...nameOf(id), why, until })),
    nodes: plan.nodes.map((node) => ({
      ...node,
      cutoffs: node.cutoffs.map((cutoff) => ({ ...cutoff, atRisk: cutoff.atRisk.map(nameOf) })),
    })),
  };
}

/** Reads the orders that are active and those of the compared time, so what left before that is not counted. */
export async function flowBoard(journal: JournalReader, settings: FlowSettings, at: Instant): Promise<FlowBoard> {
  return journal.read(async (tx) => {
    const cases = (await wavesMemory(tx)).cases.map((stored) => stored.case);
    return flowBoardOf(tx, cases, settings, at);
  });
}

/** The same of orders that were read already. */
export async function flowBoardOf(
  tx: ReadTransaction,
  cases: readonly OrderCase[],
  settings: FlowSettings,
  at: Instant,
): Promise<FlowBoard> {
  const around = await releaseCircumstances(tx, settings, at);
  const view = releaseView(releaseStanding(cases, settings, at, around), at);
  const gone = cases.flatMap(({ shipments }) => shipments.filter(hasLeft));
  const leftSince = (node: string, ms: number) => {
    const since = instantOf(epochMs(at) - ms);
    return gone.filter((each) => each.node === node && each.shippedAt !== null && each.shippedAt > since).length;
  };
  const shipments = new Map(cases.map((each) => [each.key, each.shipments]));
  const isOpen = ({ order, shipment }: ShipmentName) =>
    shipments.get(order)?.some((each) => each.id === shipment && !hasLeft(each) && each.state !== 'stopped') ?? false;
  const waves = await pickWavesSince(tx, instantOf(epochMs(at) - dayMs), 10_000);
  return {
    at,
    tooOld: [...new Set([...around.tooOld.nodes.values(), ...around.tooOld.channels.values()])],
    nodes: view.nodes.map((node) => ({ ...node, left: { day: leftSince(node.node, dayMs), hour: leftSince(node.node, hourMs) } })),
    pickWaves: waves.map(({ key, state, body }) => ({ ...body, key, state, open: body.shipments.filter(isOpen).length })),
  };
}

const hourMs = 3_600_000;
const dayMs = 24 * hourMs;
