import { openJournal, type Journal } from '@quartermaster/journal';
import { parseProblem, type Override, type SolveOptions, type SourcingProblem } from '@quartermaster/sourcing';
import { virtualClock } from '@quartermaster/connector-kit/sandbox';
import { waveDecision, waveKind } from '../waves/baseline.ts';
import { solveWhole } from '../waves/whole-kits.ts';
import { keptDecision, outcomeOf, sha256, type KeptDecision } from '../why/kept-decision.ts';
import { masterKey } from './scene.ts';

export const slot = '2026-11-23T10:00:00.000Z';

/** Three orders for two lamps in Berlin and some in Hamburg, which is dearer; a minute of work over an hour costs more than before. */
export function lampProblem(change: (raw: SourcingProblem) => SourcingProblem = (raw) => raw): SourcingProblem {
  const tiers = [
    { minutes: 6, costPerMinute: 0.4 },
    { minutes: null, costPerMinute: 1 },
  ];
  const labor = { minutesPerShipment: 2, minutesPerLine: 1, minutesPerUnit: 0.25, tiers };
  const node = { kind: 'warehouse' as const, cutoffMinute: 1_020, labor };
  const lane = (from: string, base: number) => ({ from, to: 'DE', base, perKg: 0.3, transitDays: 1 });
  const order = (id: string, lines: readonly string[]) => ({
    id,
    channel: 'shop',
    zone: 'DE',
    promiseDay: 2,
    lateCostPerDay: 1,
    splitCost: 1,
    lines: lines.map((sku) => ({ sku, units: 1, unfilledCostPerUnit: 20 })),
  });
  return parseProblem(
    change({
      format: 'quartermaster/sourcing-problem@1',
      name: waveDecision(slot),
      currency: 'EUR',
      decisionMinute: 660,
      skus: [
        { id: 'lamp', weightKg: 2, volumeL: 12 },
        { id: 'mug', weightKg: 0.4, volumeL: 1 },
      ],
      nodes: [
        { ...node, id: 'BER', zone: 'BER', stock: { lamp: 2, mug: 5 } },
        { ...node, id: 'HAM', zone: 'HAM', stock: { lamp: 2, mug: 1 } },
      ],
      services: [
        { id: 'house/std', litresPerKg: 5, lanes: [lane('BER', 4), lane('HAM', 6)] },
        { id: 'house/fast', litresPerKg: 5, lanes: [lane('BER', 9), lane('HAM', 11)] },
      ],
      orders: [order('A', ['lamp']), order('B', ['lamp', 'mug']), order('C', ['lamp', 'mug'])],
    }),
  );
}

/** A journal with one decided wave of the problem. */
export async function decided(
  problem: SourcingProblem,
  {
    overrides = [],
    ...options
  }: { readonly overrides?: readonly Override[] } & Pick<SolveOptions, 'solver' | 'workLimit' | 'stockValues' | 'incumbent'> = {},
): Promise<{ readonly journal: Journal; readonly decision: KeptDecision }> {
  const journal = await openJournal({ path: ':memory:', masterKey, clock: virtualClock(slot) });
  const solved = await solveWhole(problem, { ...options, ...(overrides.length === 0 ? {} : { overrides }) });
  const inputs = { id: waveDecision(slot), kind: waveKind, at: slot, inputsHash: sha256(JSON.stringify(problem)), inputs: problem };
  await journal.transaction((tx) => tx.decisions.save({ ...inputs, outcome: outcomeOf(solved, overrides, options) }));
  const decision = await journal.read((tx) => keptDecision(tx, slot));
  if (decision === null) throw new Error('the decision was not kept');
  return { journal, decision };
}
