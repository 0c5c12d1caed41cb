import type { Instant, NodeId } from '@quartermaster/domain';
import type { FlowContext } from '../context.ts';
import { operate, refused, type Asked, type Outcome, type Refused } from '../operations/operation.ts';
import { jsonOf } from '../plain-json.ts';
import { outageKind, toldOutages, type Outage } from './outages.ts';
import type { Capacity } from './resourcing-policy.ts';

/**
 * A node, or a part of its labor, is away for a time. From the next wave on it is planned with what is left of it, and what was planned there and has no label may go elsewhere.
 */
export async function reportOutage(
  context: FlowContext,
  asked: Asked,
  given: { readonly node: NodeId; readonly from: Instant | null; readonly until: Instant | null; readonly capacity: Capacity },
): Promise<Outcome> {
  const { node, until, capacity } = given;
  return operate(context, asked, { name: 'outage', needs: 'supervisor', given: jsonOf(given) }, async (tx, now) => {
    if (!isNode(context, node)) return unknownNode(context, node);
    const from = given.from ?? now;
    if (until !== null && (until <= from || until <= now))
      return refused('impossible', `${until} is over, or before it begins`, 'Give a time to come, or none.');
    const body: Outage = { node, from, until, capacity, reason: asked.reason, by: asked.by };
    const before = (await toldOutages(tx)).filter(({ outage }) => outage.node === node);
    await tx.records.put(outageKind, asked.requestId, { state: 'open', body, at: now, version: 0 });
    return {
      kind: 'done',
      key: node,
      before: jsonOf(before.map(({ outage }) => outage)),
      after: jsonOf([...before.map(({ outage }) => outage), body]),
    };
  });
}

/** The node has all its capacity again: ends every outage of it that a person told of. */
export async function reopenNode(context: FlowContext, asked: Asked, given: { readonly node: NodeId }): Promise<Outcome> {
  const { node } = given;
  return operate(context, asked, { name: 'reopen', needs: 'supervisor', given }, async (tx, now) => {
    if (!isNode(context, node)) return unknownNode(context, node);
    const open = (await toldOutages(tx)).filter(({ outage }) => outage.node === node && (outage.until === null || outage.until > now));
    if (open.length === 0)
      return refused('nothing-changes', `nobody told of an outage of ${node}`, 'What the policy has planned stands there.');
    for (const { key, version, outage } of open) await tx.records.put(outageKind, key, { state: 'ended', body: outage, at: now, version });
    return { kind: 'done', key: node, before: jsonOf(open.map(({ outage }) => outage)), after: [] };
  });
}

function isNode({ settings }: FlowContext, node: NodeId): boolean {
  return settings.nodes.some(({ id }) => id === node);
}

function unknownNode({ settings }: FlowContext, node: NodeId): Refused {
  return refused('not-found', `there is no node ${node}`, `Nodes: ${settings.nodes.map(({ id }) => id).join(', ')}.`);
}
