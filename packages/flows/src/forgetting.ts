import { epochMs, instantOf, keyText, type ConnectionId, type Instant, type Scope, type SubjectId } from '@quartermaster/domain';
import { orderCaseSchema, type OrderCase } from '@quartermaster/fulfilment';
import { scopeOf, type FlowContext } from './context.ts';
import { erasePerson } from './intake/people.ts';
import { takeTurn } from './turns.ts';

const dayMs = 86_400_000;
const perTransaction = 200;

/** When an order ended, by its last shipment or its cancellation; null while it has not. */
export type EndOfOrder = { readonly subject: SubjectId; readonly endedAt: Instant | null };

/** Whose every order ended so many days ago. Who still waits for a parcel is kept, and so is who ordered again. Pure. */
export function peopleToForget(orders: readonly EndOfOrder[], now: Instant, afterDays: number): SubjectId[] {
  const due = instantOf(epochMs(now) - afterDays * dayMs);
  const kept = new Set<SubjectId>();
  const ended = new Set<SubjectId>();
  for (const { subject, endedAt } of orders) (endedAt !== null && endedAt <= due ? ended : kept).add(subject);
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
    const subjects = peopleToForget(await endsOf(context, scopeOf(settings, connection)), now, afterDays);
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

export function endOf({ state, shipments, order }: OrderCase, changedAt: Instant): EndOfOrder {
  const left = shipments.flatMap(({ shippedAt }) => shippedAt ?? []).sort();
  const ends = state === 'cancelled' || state === 'shipped';
  return { subject: order.subject, endedAt: ends ? (left.at(-1) ?? changedAt) : null };
}

/** All orders of a channel, a page at a time: of each only what is asked for is held. */
async function endsOf({ journal }: FlowContext, scope: Scope): Promise<EndOfOrder[]> {
  const prefix = `${keyText(scope, 'order')}/`;
  const found: EndOfOrder[] = [];
  for (let after = prefix; ;) {
    const page = await journal.read((tx) => tx.records.list('order', orderCaseSchema, { after, limit: 500 }));
    const ours = page.filter(({ key }) => key.startsWith(prefix));
    found.push(...ours.map(({ body, changedAt }) => endOf(body, changedAt)));
    const last = page.at(-1);
    if (last === undefined || ours.length < page.length) return found;
    after = last.key;
  }
}
