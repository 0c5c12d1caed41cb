import { epochMs, instantSchema, type Instant } from '@quartermaster/domain';
import type { ReadTransaction, Transaction } from '@quartermaster/journal';
import { z } from 'zod';

/** How an override stands afterwards: nobody knows yet; it avoided what went wrong or saved money; it cost nothing; it cost money and avoided nothing that is known. */
export const verdicts = ['open', 'right', 'free', 'dear'] as const;
export type Verdict = (typeof verdicts)[number];

const waySchema = z.object({ node: z.string(), service: z.string() });

/** What became of a person's override of node or service in one wave. */
export const regretSchema = z.object({
  decision: z.string(),
  override: z.string(),
  order: z.string(),
  kind: z.enum(['fix', 'forbid']),
  /** What was fixed or forbidden; null where only the other was. */
  node: z.string().nullable(),
  service: z.string().nullable(),
  by: z.string(),
  why: z.string(),
  /** What all orders of the wave together cost more with it, in minor units; below 0 where they cost less. */
  costMinor: z.int(),
  currency: z.string(),
  /** How the order would have left without it. */
  instead: z.array(waySchema),
  decidedAt: instantSchema,
  measuredAt: instantSchema,
  /** How many shipments went wrong at what was avoided, in the time after it; null until that is over. */
  troubles: z.int().nullable(),
  verdict: z.enum(verdicts),
});
export type Regret = z.infer<typeof regretSchema>;

export const regretKind = 'regret';

/** Nodes that an override kept its order away from. */
export function avoidedNodes({ kind, node, instead }: Pick<Regret, 'kind' | 'node' | 'instead'>): ReadonlySet<string> {
  if (kind === 'forbid' && node !== null) return new Set([node]);
  return new Set(instead.map((way) => way.node).filter((each) => each !== node));
}

/** Pure: the verdict on an override whose time of proof is over. */
export function verdictOf(costMinor: number, troubles: number): Verdict {
  if (costMinor < 0 || troubles > 0) return 'right';
  return costMinor === 0 ? 'free' : 'dear';
}

/** Overrides that were right again and again, as a rule that a policy could have instead. */
export type RuleSuggestion = {
  readonly kind: Regret['kind'];
  readonly node: string | null;
  readonly service: string | null;
  readonly times: number;
  readonly troubles: number;
  readonly costMinor: number;
  readonly words: string;
};

/** Pure: what was decided and right at least three times is worth a rule. */
export function suggestRules(regrets: readonly Regret[]): RuleSuggestion[] {
  const right = Map.groupBy(
    regrets.filter(({ verdict }) => verdict === 'right'),
    ({ kind, node, service }) => JSON.stringify([kind, node, service]),
  );
  return [...right.values()].flatMap((group): RuleSuggestion[] => {
    const [first] = group;
    if (first === undefined || group.length < worthARule) return [];
    const { kind, node, service } = first;
    const troubles = group.reduce((sum, each) => sum + (each.troubles ?? 0), 0);
    const what = [node === null ? null : `from ${node}`, service === null ? null : `by ${service}`]
      .filter((part) => part !== null)
      .join(' ');
    const rule = kind === 'forbid' ? `such orders leave nothing ${what}` : `such orders leave ${what}`;
    const words = `${group.length} overrides were right (${troubles} shipments went wrong at what they avoided): a rule of the policy could say that ${rule}.`;
    return [{ kind, node, service, times: group.length, troubles, costMinor: group.reduce((sum, each) => sum + each.costMinor, 0), words }];
  });
}

const worthARule = 3;

export type RegretReport = {
  /** Newest first. */
  readonly regrets: readonly (Regret & { readonly id: string })[];
  readonly measured: number;
  readonly byVerdict: Readonly<Record<Verdict, number>>;
  readonly suggestions: readonly RuleSuggestion[];
};

/** What overrides have cost and avoided, since a moment. */
export async function regretReport(tx: ReadTransaction | Transaction, since: Instant): Promise<RegretReport> {
  const found: (Regret & { readonly id: string })[] = [];
  for (let after = ''; ;) {
    const page = await tx.records.list(regretKind, regretSchema, { after, limit: pageSize });
    found.push(...page.filter(({ body }) => body.decidedAt >= since).map(({ key, body }) => ({ ...body, id: key })));
    after = page.at(-1)?.key ?? after;
    if (page.length < pageSize) break;
  }
  const regrets = found.toSorted((one, other) => epochMs(other.decidedAt) - epochMs(one.decidedAt));
  const countOf = (verdict: Verdict) => regrets.filter((each) => each.verdict === verdict).length;
  const byVerdict = { open: countOf('open'), right: countOf('right'), free: countOf('free'), dear: countOf('dear') };
  return { regrets, measured: regrets.length, byVerdict, suggestions: suggestRules(regrets) };
}

const pageSize = 500;
