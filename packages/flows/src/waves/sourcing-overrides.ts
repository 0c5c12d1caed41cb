import type { Instant } from '@quartermaster/domain';
import { counts, type OrderCase } from '@quartermaster/fulfilment';
import type { Transaction } from '@quartermaster/journal';
import { SourcingInputError, type Override, type SolveOptions, type SolveResult, type SourcingProblem } from '@quartermaster/sourcing';
import { ownerOf, type FlowContext } from '../context.ts';
import { solveWhole } from './whole-kits.ts';

/** What persons decided about the orders of a wave, in the optimizer's words. What is fixed ships whole: everything of it that has no node yet. */
export function overridesOf(cases: readonly Pick<OrderCase, 'key' | 'overrides'>[], problem: SourcingProblem, at: Instant): Override[] {
  const orders = new Map(problem.orders.map((order) => [order.id, order]));
  return cases.flatMap(({ key, overrides }): Override[] => {
    const order = orders.get(key);
    if (order === undefined) return [];
    return overrides
      .filter((each) => counts(each, at))
      .flatMap((each): Override[] => {
        const id = JSON.stringify([key, each.id]);
        switch (each.kind) {
          case 'check':
            return [];
          case 'fix':
            return [
              {
                id,
                kind: 'fix',
                order: key,
                shipments: [{ node: each.node, service: each.service, lines: order.lines.map((_, at) => at) }],
              },
            ];
          case 'forbid':
            return [
              {
                id,
                kind: 'forbid',
                order: key,
                ...(each.node === null ? {} : { node: each.node }),
                ...(each.service === null ? {} : { service: each.service }),
              },
            ];
        }
      });
  });
}

/** An override that cannot be, and why, in words. */
export type Impossible = { readonly order: string; readonly why: string };

/**
 * Solves a problem with overrides. One that is impossible does not stop the wave: an order that a person has fixed ships nothing rather than otherwise, and what forbids something that
 * is not there any more forbids nothing.
 */
export async function solveOverridden(
  problem: SourcingProblem,
  overrides: readonly Override[],
  options: Omit<SolveOptions, 'overrides'>,
): Promise<{ readonly solved: SolveResult; readonly kept: readonly Override[]; readonly impossible: readonly Impossible[] }> {
  let kept = overrides;
  const impossible: Impossible[] = [];
  for (;;) {
    try {
      return { solved: await solveWhole(problem, { ...options, ...(kept.length === 0 ? {} : { overrides: kept }) }), kept, impossible };
    } catch (error) {
      if (!(error instanceof SourcingInputError)) throw error;
      const refused = refusedOverrides(error, kept);
      if (refused.size === 0) throw error;
      for (const [at, why] of refused) impossible.push({ order: kept[at]?.order ?? '', why });
      kept = kept.flatMap((each, at): Override[] => {
        if (!refused.has(at)) return [each];
        return each.kind === 'fix' ? [{ id: each.id, kind: 'hold', order: each.order }] : [];
      });
    }
  }
}

/** Tells a person which decisions could not be kept, and takes back what was told of others. */
export async function tellImpossible(
  tx: Transaction,
  context: FlowContext,
  overrides: readonly Override[],
  impossible: readonly Impossible[],
): Promise<void> {
  const at = context.clock.now();
  for (const order of new Set(overrides.map((each) => each.order))) {
    const why = impossible.filter((each) => each.order === order).map((each) => each.why);
    const which = { code: impossibleCode, subjectKey: order };
    if (why.length === 0) await tx.exceptions.resolve(which, { by: 'quartermaster', reason: 'it is possible now', at });
    else await tx.exceptions.raise({ ...which, owner: ownerOf(context.settings, impossibleCode), reason: why.join('; '), at });
  }
}

export const impossibleCode = 'override-impossible';

/** Numbers of the overrides that the optimizer refuses, each with its words. */
function refusedOverrides(error: SourcingInputError, overrides: readonly Override[]): ReadonlyMap<number, string> {
  const refused = new Map<number, string>();
  for (const { path, message } of error.issues) {
    const at = Number(/^overrides\[(\d+)\]/.exec(path)?.[1] ?? NaN);
    if (overrides[at] !== undefined && !refused.has(at)) refused.set(at, message);
  }
  return refused;
}
