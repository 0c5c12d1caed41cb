import type { FlowContext } from '../context.ts';
import { jsonOf } from '../plain-json.ts';
import { releaseNow } from '../waves/release.ts';
import { mayAct } from './roles.ts';
import { operate, refused, type Asked, type Outcome } from './operation.ts';

/**
 * A person has everything released that may be released now, without waiting for the next wave: by the same policy, and nothing else. A supervisor's word goes beyond the day's budget for labels, and
 * with `evenIfLate` also beyond a hold because stock or orders were read too long ago (`inventory.syncWindows`).
 */
export async function releaseShipments(
  context: FlowContext,
  asked: Asked,
  { evenIfLate }: { readonly evenIfLate: boolean },
): Promise<Outcome> {
  const action = { name: 'release-shipments', needs: evenIfLate ? 'supervisor' : 'operator', given: { evenIfLate } } as const;
  return operate(context, asked, action, async (tx, now) => {
    const budget = mayAct(asked.role, 'supervisor') ? 'approved' : 'kept';
    const { groups, later } = await releaseNow(tx, context, now, { budget, trusting: evenIfLate ? 'all' : 'nothing' });
    const shipments = groups.reduce((sum, group) => sum + group.shipments.length, 0);
    if (shipments === 0)
      return refused(
        'nothing-changes',
        `nothing may be released now; ${later.length} shipments wait`,
        "See why with 'qm release --dry-run'.",
      );
    const of = groups.map((group) => ({ node: group.node, closesAt: group.closesAt, shipments: group.shipments.length }));
    return {
      kind: 'done',
      key: 'release',
      before: { waiting: shipments + later.length },
      after: jsonOf({ waiting: later.length, groups: of }),
    };
  });
}
