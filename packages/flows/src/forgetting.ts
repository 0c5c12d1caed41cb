import { epochMs, instantOf, type ConnectionId, type Instant, type Scope, type SubjectId, keyText } from '@quartermaster/domain';
import { orderCaseSchema, type OrderCase } from '@quartermaster/fulfilment';
import { scopeOf, type FlowContext } from './context.ts';
import type { StoredCase } from './order-cases.ts';
import { erasePerson } from './people.ts';
import { takeTurn } from './turns.ts';

const dayMs = 86_400_000;
const perTransaction = 200;

/**
 * Whose every order ended so many days ago: by its last shipment, or by its cancellation. Who still waits for a parcel is kept, and so is who ordered again. Pure.
 */
export function peopleToForget(orders: readonly Pick<StoredCase, 'case' | 'changedAt'>[], now: Instant, afterDays: number): SubjectId[] {
  const due = instantOf(epochMs(now) - afterDays * dayMs);
  const kept = new Set<SubjectId>();
  const ended = new Set<SubjectId>();
  for (const { case: given, changedAt } of orders) {
    const end = endOf(given, changedAt);
    (end !== null && end <= due ? ended : kept).add(given.order.subject);
  }
  return [...ended].filter((subject) => !kept.has(subject));
}

/**
 * Forgets the people of a channel whose orders ended as long ago as its settings say, as a marketplace may demand of who sells there. Once a day, by one replica; returns how many were
 * forgotten, null when it was done or is left.
 */
export async function forgetPeople(context: FlowContext, connection: ConnectionId): Promise<number | null> {
  const { journal, settings, clock } = context;
  const afterDays = settings.channels.find((each) => each.connection === connection)?.forgetAfterDays;
  if (afterDays === undefined) return null;
  const now = clock.now();
  const turn = { name: 'forget', connection, leaseMs: 5 * 60_000 };
  return takeTurn(context, turn, { since: instantOf(epochMs(now) - dayMs + 1), whenBusy: 'leave' }, async (held) => {
    const subjects = peopleToForget(await ordersOf(context, scopeOf(settings, connection)), now, afterDays);
    let forgotten = 0;
    for (let from = 0; from < subjects.length; from += perTransaction)
      forgotten += await journal.transaction(async (tx) => {
        await held.guard(tx);
        let erased = 0;
        const reason = `${afterDays} days after the last order of ${connection} ended`;
        for (const subject of subjects.slice(from, from + perTransaction))
          if (await erasePerson(tx, { subject, by: 'quartermaster', reason, at: now })) erased += 1;
        return erased;
      });
    return forgotten;
  });
}

function endOf({ state, shipments }: OrderCase, changedAt: Instant): Instant | null {
  if (state === 'cancelled') return changedAt;
  if (state !== 'shipped') return null;
  const left = shipments.flatMap(({ shippedAt }) => shippedAt ?? []);
  return left.sort().at(-1) ?? changedAt;
}

async function ordersOf({ journal }: FlowContext, scope: Scope): Promise<StoredCase[]> {
  const prefix = `${keyText(scope, 'order')}/`;
  const found: StoredCase[] = [];
  for (let after = prefix; ;) {
    const page = await journal.read((tx) => tx.records.list('order', orderCaseSchema, { after, limit: 500 }));
    const ours = page.filter(({ key }) => key.startsWith(prefix));
    found.push(...ours.map(({ body, version, changedAt }) => ({ case: body, version, changedAt })));
    const last = page.at(-1);
    if (last === undefined || ours.length < page.length) return found;
    after = last.key;
  }
}
