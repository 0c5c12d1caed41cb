import { currencyExponent, keyText, orderKey, type Instant, type Scope } from '@quartermaster/domain';
import { orderCaseSchema, type OrderCase } from '@quartermaster/fulfilment';
import type { JournalReader, ReadTransaction } from '@quartermaster/journal';
import {
  explainOrders,
  explainUnfilled,
  type OrderExplanation as SourcingExplanation,
  type OrderLine,
  type UnfilledLine,
} from '@quartermaster/sourcing';
import { z } from 'zod';
import { intentsOf } from '../intents.ts';
import { casesOf, findCase } from '../order-cases.ts';
import type { PolicyStamp } from '../policy/policy-hash.ts';
import { policiesInTime } from '../policy/policy-in-force.ts';
import { exceptionSubject } from '../exceptions/exception-subject.ts';
import { parcelsOf, type ParcelView } from '../tracking/parcel-views.ts';
import { parcelSubject } from '../tracking/parcels.ts';
import type { CostMinor } from '../waves/day-cost.ts';
import { kitOf } from '../waves/kit-parts.ts';
import { poolWords } from '../waves/pool-reservations.ts';
import { keptDecision } from './kept-decision.ts';
import { sharesInMinor } from './minor-shares.ts';

/** Everything that explains an order: where it stands, what was decided about it and why, what was done and what is open. Holds no personal data. */
export type OrderExplanation = {
  readonly case: OrderCase;
  readonly decisions: readonly {
    readonly id: string;
    readonly at: Instant;
    readonly method: string;
    readonly gap: number;
    /** The policy that it was made under; null of a decision from before policies were named. */
    readonly policy: PolicyStamp | null;
    /** What a late day of the order cost in it, in whole units of the currency, and by which rules of the policy it was weighed and divided; null: by none. */
    readonly weighed: { readonly lateCostPerDay: number; readonly priority: string | null; readonly split: string | null };
    readonly sourcing: SourcingExplanation;
    /** What the order had of the wave's cost, in minor units: over all its orders it adds up to what the wave cost. */
    readonly costMinor: CostMinor;
    readonly currency: string;
    /** Lines that had to wait: why, and what would have shipped them for least. */
    readonly unfilled: readonly UnfilledLine[];
    /** What pools of the policy kept for others of what those lines want, and which pools got less than they were to have, in sentences. */
    readonly pools: readonly string[];
  }[];
  readonly parcels: readonly ParcelView[];
  readonly intents: readonly {
    readonly kind: string;
    readonly state: string;
    readonly attempt: number;
    readonly changedAt: Instant;
    readonly fault: string | null;
  }[];
  /** `policy`: the one in force then, null where the journal kept none. */
  readonly history: readonly {
    readonly at: Instant;
    readonly event: string;
    readonly reasons: readonly string[];
    readonly policy: PolicyStamp | null;
  }[];
  readonly exceptions: readonly {
    readonly code: string;
    readonly reason: string;
    readonly owner: string;
    readonly open: boolean;
    /** The policy in force when it was last raised; null where the journal kept none. */
    readonly policy: PolicyStamp | null;
  }[];
};

/** Keys of the orders that a person may mean: by key, channel id, or name such as `#1001`; two shops may use the same ones, so `shop-eu/#1001` says which. */
export async function findOrders(journal: JournalReader, wanted: string): Promise<string[]> {
  return journal.read(async (tx) => {
    if ((await findCase(tx, wanted)) !== null) return [wanted];
    const scopes = await scopesOf(tx);
    const found = new Set<string>();
    for (const name of [wanted, ...[...wanted.matchAll(/\//g)].map(({ index }) => wanted.slice(index + 1))]) {
      const called = await tx.records.list('order', orderCaseSchema, { name, limit: 1_000 });
      const numbered = await casesOf(
        tx,
        scopes.map((scope) => orderKey(scope, name)),
      );
      for (const each of [...called.map(({ body }) => body), ...numbered.map((stored) => stored.case)])
        if (namesOf(each).includes(wanted)) found.add(each.key);
    }
    return [...found].sort();
  });
}

/** The channels that orders came from: the first order of each is looked up, not all of them. */
async function scopesOf(tx: ReadTransaction): Promise<Scope[]> {
  const scopes: Scope[] = [];
  for (let after = ''; ;) {
    const [first] = await tx.records.list('order', orderCaseSchema, { after, limit: 1 });
    if (first === undefined) return scopes;
    const { scope } = first.body;
    scopes.push(scope);
    // Behind all orders of this channel: 0 comes right behind the slash.
    after = `${keyText(scope, 'order')}0`;
  }
}

function namesOf({ order, scope }: OrderCase): string[] {
  return [order.id, order.name].flatMap((name) => [name, `${scope.connection}/${name}`]);
}

/** Explains one order, or null when the journal does not have it. */
export async function explainOrder(journal: JournalReader, key: string): Promise<OrderExplanation | null> {
  return journal.read(async (tx) => {
    const record = await tx.records.get('order', key, orderCaseSchema);
    if (record === null) return null;
    const decisions = [];
    for (const id of record.body.sourcedBy) decisions.push(...(await explainDecision(tx, id, key)));
    const intents = await intentsOf(tx, key, { limit: 1_000 });
    const history = await tx.audit.list({ key, limit: 1_000 });
    const parcels = await parcelsOf(tx, record.body);
    const subjects = [
      exceptionSubject(key, null),
      ...record.body.shipments.map(({ id }) => exceptionSubject(key, id)),
      ...new Set(parcels.map((each) => parcelSubject({ ...each, order: key }))),
    ];
    const exceptions = [];
    for (const subjectKey of subjects) exceptions.push(...(await tx.exceptions.list({ subjectKey, limit: 1_000 })));
    const policyAt = await policiesInTime(tx);
    return {
      case: record.body,
      decisions,
      parcels,
      intents: intents.map(({ kind, state, attempt, changedAt, fault }) => ({
        kind,
        state,
        attempt,
        changedAt,
        fault: typeof fault?.['message'] === 'string' ? fault['message'] : null,
      })),
      history: history.map(({ at, event, detail }) => ({
        at,
        event,
        reasons: detailSchema.safeParse(detail).data?.reasons ?? [],
        policy: policyAt(at),
      })),
      exceptions: exceptions.map(({ code, reason, owner, resolved, lastRaisedAt }) => ({
        code,
        reason,
        owner,
        open: resolved === null,
        policy: policyAt(lastRaisedAt),
      })),
    };
  });
}

/** Of which kit an open line is a part. */
function ofWhat(line: OrderLine | undefined): string {
  const kit = line === undefined ? null : kitOf(line);
  return kit === null ? '' : ` It is a part of ${kit.units} × ${kit.sku}.`;
}

const detailSchema = z.object({ reasons: z.array(z.string()) });
const rulesSchema = z.object({ priority: z.string().nullable().default(null), split: z.string().nullable().default(null) });

async function explainDecision(tx: ReadTransaction, id: string, key: string): Promise<OrderExplanation['decisions'][number][]> {
  const decision = await keptDecision(tx, id);
  if (decision === null) return [];
  const { at, problem, plan, method, gap, policy } = decision;
  const costMinor = sharesInMinor(problem, plan, 10 ** currencyExponent(problem.currency)).get(key);
  if (costMinor === undefined) return [];
  const unfilled = explainUnfilled(problem, plan, [key]);
  const order = problem.orders.find((each) => each.id === key);
  const weighed = { lateCostPerDay: order?.lateCostPerDay ?? 0, ...rulesSchema.parse(order?.ext ?? {}) };
  return explainOrders(problem, plan, [key]).map((sourcing) => ({
    id,
    at,
    method,
    gap,
    policy,
    weighed,
    sourcing,
    costMinor,
    currency: problem.currency,
    unfilled: unfilled.map((each) => ({ ...each, words: `${each.words}${ofWhat(order?.lines[each.line])}` })),
    pools: poolWords(
      problem,
      order?.channel ?? '',
      unfilled.map(({ sku }) => sku),
    ),
  }));
}
