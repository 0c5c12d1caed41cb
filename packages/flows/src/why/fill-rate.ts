import { openLines, type HoldCode } from '@quartermaster/fulfilment';
import type { ReadTransaction } from '@quartermaster/journal';
import { explainUnfilled, type OpenReason, type UnfilledLine } from '@quartermaster/sourcing';
import { listCases } from '../order-cases.ts';
import { policyStamp, type PolicyStamp } from '../policy/policy-hash.ts';
import { waveDecision } from '../waves/baseline.ts';
import { kitOf } from '../waves/kit-parts.ts';
import { keptDecision, type KeptDecision } from './kept-decision.ts';
import { recordedSettings } from './simulate.ts';
import type { WaveFacts } from './wave-facts.ts';
import { eligibleNodes, splitRuleOf } from '../policy/allocation.ts';
import type { FlowSettings } from '../settings.ts';
import type { Demand } from '../waves/sourcing-problem.ts';

/** Whom a line that was not filled is laid to: too little stock, the hours and caps of the nodes, the carriers' ways, a rule of the policy, or a check that held the order. */
export type FillBlame = 'stock' | 'capacity' | 'carriers' | 'policy' | 'held';

/** How much of what was to be sourced on a day was filled by its waves, and why the rest was not, by the policy that was in force. */
export type FillRate = {
  readonly day: string;
  readonly policy: PolicyStamp;
  readonly lines: number;
  readonly filled: number;
  /** Filled lines of all lines; 1 where there was nothing to fill. */
  readonly rate: number;
  readonly unfilled: readonly {
    readonly blame: FillBlame;
    /** The optimizer's reason, or the check that held the order. */
    readonly reason: OpenReason | HoldCode;
    /** Rules of the policy that kept them from being filled, as `section.name`; what is laid to a policy names at least one. */
    readonly rules: readonly string[];
    readonly lines: number;
    /** Of one of the lines, in words, with the cheapest change that would fill it. */
    readonly example: string;
  }[];
  /** The same by the service that customers asked for; `*` are those who asked for none. */
  readonly byService: readonly { readonly service: string; readonly lines: number; readonly filled: number; readonly rate: number }[];
};

type Unfilled = {
  readonly order: string;
  readonly reason: OpenReason | HoldCode;
  readonly blame: FillBlame;
  readonly rules: readonly string[];
  readonly words: string;
};

/** The fill rate of a recorded day. Orders that are held count with their lines until they are released. */
export async function fillRateOfDay(tx: ReadTransaction, day: string, facts: readonly WaveFacts[]): Promise<FillRate> {
  const settings = recordedSettings(facts);
  const held = (await listCases(tx, ['held'])).map((stored) => stored.case);
  const wanted = new Map<string, { readonly service: string; readonly lines: number }>();
  for (const { demands } of facts)
    for (const { key, order, open } of demands)
      if (!wanted.has(key)) wanted.set(key, { service: order.requestedService ?? '*', lines: open.length });
  const unfilled = await unfilledAfter(tx, facts);
  const holding = held.filter(({ key }) => !wanted.has(key));
  for (const each of holding) wanted.set(each.key, { service: each.order.requestedService ?? '*', lines: openLines(each).length });
  const all: Unfilled[] = [
    ...unfilled,
    ...holding.flatMap((each) =>
      openLines(each).map((): Unfilled => ({
        order: each.key,
        reason: each.holds[0]?.code ?? 'manual',
        blame: 'held',
        rules: ['checks'],
        words: each.holds[0]?.reason ?? 'it is held',
      })),
    ),
  ];
  const lines = [...wanted.values()].reduce((sum, each) => sum + each.lines, 0);
  const byReason = Map.groupBy(all, ({ blame, reason, rules }) => JSON.stringify([blame, reason, rules]));
  return {
    day,
    policy: policyStamp(settings),
    ...rateOf(lines, all.length),
    unfilled: [...byReason.values()]
      .flatMap(([first, ...others]) =>
        first === undefined
          ? []
          : [{ blame: first.blame, reason: first.reason, rules: first.rules, lines: others.length + 1, example: first.words }],
      )
      .sort((a, b) => b.lines - a.lines || (a.reason < b.reason ? -1 : 1)),
    byService: servicesOf(wanted, all),
  };
}

/** Lines that the day's last word about their order left open. */
async function unfilledAfter(tx: ReadTransaction, facts: readonly WaveFacts[]): Promise<Unfilled[]> {
  const last = new Map<string, Unfilled[]>();
  for (const { slot, demands, settings } of facts) {
    const decision = await keptDecision(tx, waveDecision(slot));
    if (decision === null) continue;
    const demandOf = new Map(demands.map((demand) => [demand.key, demand]));
    for (const { id } of decision.problem.orders) last.set(id, []);
    for (const { order, skus, reason, words } of unfilledLines(decision)) {
      const demand = demandOf.get(order);
      const rules = demand === undefined ? [] : rulesBehind(settings, demand, skus, reason);
      last.get(order)?.push({ order, reason, words, rules, blame: rules.length > 0 ? 'policy' : blameOf[reason] });
    }
  }
  return [...last.values()].flat();
}

type OpenLine = Pick<UnfilledLine, 'order' | 'reason' | 'words'> & { readonly skus: readonly string[] };

/** Lines that a wave left open; of a kit the part that kept it from going. */
function unfilledLines({ problem, plan }: KeptDecision): OpenLine[] {
  const orders = new Map(problem.orders.map((order) => [order.id, order]));
  const kits = explainUnfilled(problem, plan).map((each) => {
    const line = orders.get(each.order)?.lines[each.line];
    return { ...each, kit: line === undefined ? null : kitOf(line) };
  });
  const lines = Map.groupBy(kits, ({ order, line, kit }) => JSON.stringify([order, kit === null ? line : [kit.line]]));
  return [...lines.values()].flatMap((parts) => {
    const told = parts.find(({ reason }) => reason !== 'partner-line') ?? parts[0];
    if (told === undefined) return [];
    const { order, reason, words, sku, kit } = told;
    return [{ order, reason, words, skus: kit === null ? [sku] : [kit.sku, sku] }];
  });
}

/** The rules of a policy that stand behind a reason: without one of them the nodes, the shipments or the services of the order would be others. */
function rulesBehind(settings: FlowSettings, demand: Demand, skus: readonly string[], reason: OpenReason): string[] {
  const { requestedService } = demand.order;
  switch (reason) {
    case 'not-eligible':
      return [null, ...skus].flatMap((about) => {
        const nodes = (rules: FlowSettings['eligibility']) =>
          JSON.stringify(eligibleNodes({ ...settings, eligibility: rules }, demand, about));
        return settings.eligibility
          .filter((_, index) => nodes(settings.eligibility.filter((_rule, at) => at !== index)) !== nodes(settings.eligibility))
          .map(({ name }) => `eligibility.${name}`);
      });
    case 'partner-line':
    case 'max-shipments': {
      const rule = splitRuleOf(settings, demand);
      return rule === null ? [] : [`splits.${rule.name}`];
    }
    case 'no-service':
      return requestedService !== null && settings.sourcing.servicesFor[requestedService] !== undefined
        ? [`sourcing.servicesFor.${requestedService}`]
        : [];
    case 'dearer-than-waiting':
      return ['sourcing.unfilledAtLeast'];
    default:
      return [];
  }
}

/** Whom a reason is laid to where no rule of the policy stands behind it. */
const blameOf: Readonly<Record<OpenReason, FillBlame>> = {
  'no-stock': 'stock',
  taken: 'stock',
  cap: 'capacity',
  labor: 'capacity',
  'too-heavy': 'carriers',
  'no-service': 'carriers',
  'not-eligible': 'policy',
  'partner-line': 'stock',
  'max-shipments': 'stock',
  'dearer-than-waiting': 'policy',
};

function rateOf(lines: number, open: number): { lines: number; filled: number; rate: number } {
  const filled = Math.max(0, lines - open);
  return { lines, filled, rate: lines === 0 ? 1 : filled / lines };
}

function servicesOf(
  wanted: ReadonlyMap<string, { readonly service: string; readonly lines: number }>,
  unfilled: readonly Unfilled[],
): FillRate['byService'] {
  const openOf = new Map(
    [...Map.groupBy(unfilled, ({ order }) => wanted.get(order)?.service ?? '*')].map(([service, all]) => [service, all.length]),
  );
  const linesOf = new Map<string, number>();
  for (const { service, lines } of wanted.values()) linesOf.set(service, (linesOf.get(service) ?? 0) + lines);
  return [...linesOf]
    .map(([service, lines]) => ({ service, ...rateOf(lines, openOf.get(service) ?? 0) }))
    .sort((a, b) => (a.service < b.service ? -1 : 1));
}
