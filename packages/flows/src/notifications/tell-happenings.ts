import type { ConnectionId } from '@quartermaster/domain';
import type { ReadTransaction } from '@quartermaster/journal';
import { scopeOf, type FlowContext } from '../context.ts';
import { careOf } from '../exceptions/exception-queue.ts';
import { listApprovals } from '../maturity/approvals.ts';
import { freezeOf } from '../maturity/freeze.ts';
import { happeningKey, isNews, orderAbout, type Happening } from './happening.ts';
import { notifyKind } from './notify-effect.ts';

type Due = { readonly happening: Happening; readonly channels: readonly ConnectionId[] };

/**
 * Looks what has happened that the policy has people told of, and records a notice of it as an intent, one per happening and channel: its key is the happening's, so it is recorded once, whoever looks
 * and however often. Returns how many were new.
 */
export async function tellHappenings(context: FlowContext): Promise<number> {
  const { exceptions, escalations, approvals, freezes } = context.settings.notifications;
  const due = await context.journal.read(async (tx) => [
    ...(await exceptionsDue(tx, context, { exceptions, escalations })),
    ...(approvals.length === 0 ? [] : await approvalsDue(tx, context, approvals)),
    ...(freezes.length === 0 ? [] : await freezeDue(tx, context, freezes)),
  ]);
  let told = 0;
  for (const { happening, channels } of due) for (const channel of channels) if (await recordNotice(context, channel, happening)) told += 1;
  return told;
}

type ByName = Readonly<Record<string, readonly ConnectionId[]>>;

async function exceptionsDue(
  tx: ReadTransaction,
  { clock }: FlowContext,
  { exceptions, escalations }: { readonly exceptions: ByName; readonly escalations: ByName },
): Promise<Due[]> {
  const [tellRaised, tellSteps] = [exceptions, escalations].map((each) => Object.keys(each).length > 0);
  if (tellRaised !== true && tellSteps !== true) return [];
  const now = clock.now();
  const due: Due[] = [];
  for (let after = 0; ;) {
    const page = await tx.exceptions.list({ open: true, after, limit: pageSize });
    for (const { id, code, raisedAt } of page) {
      if (isNews(raisedAt, now)) due.push({ happening: { kind: 'exception', exception: id }, channels: channelsFor(exceptions, code) });
      if (tellSteps !== true) continue;
      const steps = (await careOf(tx, id)).body.escalations;
      for (const [index, { to, at }] of steps.entries())
        if (isNews(at, now))
          due.push({ happening: { kind: 'escalation', exception: id, step: index + 1 }, channels: channelsFor(escalations, to) });
    }
    after = page.at(-1)?.id ?? after;
    if (page.length < pageSize) return due;
  }
}

async function approvalsDue(tx: ReadTransaction, { clock }: FlowContext, channels: readonly ConnectionId[]): Promise<Due[]> {
  const waiting = await listApprovals(tx, { limit: mostApprovals });
  const fresh = waiting.filter(({ askedAt }) => isNews(askedAt, clock.now()));
  return fresh.map(({ id }) => ({ happening: { kind: 'approval', approval: id }, channels }));
}

async function freezeDue(tx: ReadTransaction, { clock }: FlowContext, channels: readonly ConnectionId[]): Promise<Due[]> {
  const freeze = await freezeOf(tx, clock.now());
  return freeze === null ? [] : [{ happening: { kind: 'freeze', since: freeze.since }, channels }];
}

/** Each notice is a row of its own: one that is given up holds up no other. Where notices stand at orders, what is about none is not told, nor what is about one that the ERP does not have yet. */
async function recordNotice(
  { journal, settings, notifiers, clock }: FlowContext,
  channel: ConnectionId,
  happening: Happening,
): Promise<boolean> {
  const key = `${notifyKind}/${channel}/${happeningKey(happening)}`;
  const notifier = notifiers?.get(channel);
  const isToTell = await journal.read(async (tx) => {
    if ((await tx.intents.find(key)) !== null) return false;
    return !notifier?.atOrders || (await orderAbout(tx, happening)) !== null;
  });
  if (!isToTell) return false;
  const added = await journal.transaction((tx) =>
    tx.intents.add({
      key,
      scope: scopeOf(settings, channel),
      kind: notifyKind,
      orderKey: key,
      subject: null,
      payload: happening,
      safety: notifier?.safety ?? 'read-back',
      runAt: clock.now(),
      state: 'ready',
    }),
  );
  return added === 'new';
}

function channelsFor(by: ByName, name: string): readonly ConnectionId[] {
  return by[name] ?? by['*'] ?? [];
}

const pageSize = 500;
/** Who has more to approve than that has heard of it. */
const mostApprovals = 1_000;
