import { epochMs, instantOf, type Instant } from '@quartermaster/domain';
import type { ReadTransaction } from '@quartermaster/journal';
import type { FlowSettings } from '../settings.ts';
import { regretReport } from '../regret/regret.ts';
import { waveKind } from '../waves/baseline.ts';
import { waveRecordSchema } from '../waves/wave.ts';
import { agreementKind, agreementSchema, type Agreement } from './agreement.ts';
import { approvalKind, approvalSchema } from './approvals.ts';
import { flowNames, type Flow } from './maturity-policy.ts';
import { shadowKind } from './sourcing-steps.ts';

/** How far a flow is trusted, and how far the program and people have agreed about it lately. */
export type FlowMaturity = {
  readonly flow: Flow;
  readonly step: string;
  readonly agreed: number;
  readonly differed: number;
  /** Share of what was compared that agreed; null when nothing was. */
  readonly agreement: number | null;
  /** What is not compared or approved yet. */
  readonly waiting: number;
  /** The latest disagreements, newest first. */
  readonly differences: readonly { readonly subject: string; readonly ours: string; readonly theirs: string; readonly at: Instant }[];
};

/** The dial of every flow with its measured agreement over so many days. */
export async function maturityOf(
  tx: ReadTransaction,
  given: { readonly settings: Pick<FlowSettings, 'maturity'>; readonly now: Instant; readonly days?: number },
): Promise<FlowMaturity[]> {
  const { settings, now, days = 30 } = given;
  const since = instantOf(epochMs(now) - days * 86_400_000);
  const waiting = await waitingByFlow(tx);
  const shadows = (await tx.records.count(shadowKind)).get('waiting') ?? 0;
  const flows: FlowMaturity[] = [];
  for (const flow of flowNames) {
    const compared = (await agreementsOf(tx, flow)).filter(({ changedAt }) => changedAt >= since);
    const told = { agreed: sumOf(compared, 'agreed'), differed: sumOf(compared, 'differed') };
    const { agreed, differed } = flow === 'sourcing' && settings.maturity.sourcing === 'auto' ? await overridden(tx, since, told) : told;
    flows.push({
      flow,
      step: settings.maturity[flow],
      agreed,
      differed,
      agreement: agreed + differed === 0 ? null : agreed / (agreed + differed),
      waiting: (waiting.get(flow) ?? 0) + (flow === 'sourcing' && settings.maturity.sourcing === 'shadow' ? shadows : 0),
      differences: compared
        .filter(({ body }) => body.differed > 0)
        .toSorted((one, other) => (one.changedAt < other.changedAt ? 1 : -1))
        .slice(0, shown)
        .map(({ key, body, changedAt }) => ({ subject: key, ours: body.ours, theirs: body.theirs, at: changedAt })),
    });
  }
  return flows;
}

function sumOf(compared: readonly { readonly body: Agreement }[], what: 'agreed' | 'differed'): number {
  return compared.reduce((sum, { body }) => sum + body[what], 0);
}

/** In `auto` people say by an override that they would have decided otherwise: those orders differ, all others of the waves agree. */
async function overridden(tx: ReadTransaction, since: Instant, told: { readonly agreed: number; readonly differed: number }) {
  const waves = await tx.records.list(waveKind, waveRecordSchema, { after: since, limit: 10_000 });
  const decided = waves.reduce((sum, { body }) => sum + body.orders, 0);
  const differed = Math.min(decided, (await regretReport(tx, since)).measured);
  return { agreed: told.agreed + decided - differed, differed: told.differed + differed };
}

const shown = 10;
const pageSize = 1_000;

async function agreementsOf(tx: ReadTransaction, flow: Flow): Promise<{ key: string; body: Agreement; changedAt: Instant }[]> {
  const found: { key: string; body: Agreement; changedAt: Instant }[] = [];
  for (let after = ''; ;) {
    const page = await tx.records.list(agreementKind(flow), agreementSchema, { after, limit: pageSize });
    found.push(...page.map(({ key, body, changedAt }) => ({ key, body, changedAt })));
    after = page.at(-1)?.key ?? after;
    if (page.length < pageSize) return found;
  }
}

async function waitingByFlow(tx: ReadTransaction): Promise<ReadonlyMap<string, number>> {
  const counts = new Map<string, number>();
  for (let after = ''; ;) {
    const page = await tx.records.list(approvalKind, approvalSchema, { states: ['waiting'], after, limit: pageSize });
    for (const { body } of page) counts.set(body.flow, (counts.get(body.flow) ?? 0) + 1);
    after = page.at(-1)?.key ?? after;
    if (page.length < pageSize) return counts;
  }
}
