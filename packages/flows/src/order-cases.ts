import { InvariantError, type Instant } from '@quartermaster/domain';
import { decide, orderCaseSchema, type OrderCase, type OrderCommand, type OrderEvent } from '@quartermaster/fulfilment';
import type { ReadTransaction, Transaction } from '@quartermaster/journal';
import { ownerOf, type FlowContext } from './context.ts';
import type { OrderHappening } from './events.ts';
import { keepAccruals } from './freight/accruals.ts';
import { exceptionSubject } from './exceptions/exception-subject.ts';
import { dropCommands, recordCommand } from './intents.ts';
import { followLabels } from './tracking/follow-labels.ts';

const recordKind = 'order';

export type StoredCase = { readonly case: OrderCase; readonly version: number; readonly changedAt: Instant };

export async function findCase(tx: ReadTransaction | Transaction, key: string): Promise<StoredCase | null> {
  const record = await tx.records.get(recordKind, key, orderCaseSchema);
  return record === null ? null : { case: record.body, version: record.version, changedAt: record.changedAt };
}

export async function getCase(tx: ReadTransaction | Transaction, key: string): Promise<OrderCase> {
  const found = await findCase(tx, key);
  if (found === null) throw new InvariantError(`the journal has no order ${key}`);
  return found.case;
}

/** All cases in these states (all states when none are given), ordered by key. */
export async function listCases(tx: ReadTransaction | Transaction, states?: readonly OrderCase['state'][]): Promise<StoredCase[]> {
  const found: StoredCase[] = [];
  for (let after: string | undefined; ;) {
    const page = await tx.records.list(recordKind, orderCaseSchema, {
      limit: pageSize,
      ...(states ? { states } : {}),
      ...(after === undefined ? {} : { after }),
    });
    found.push(...page.map((record) => ({ case: record.body, version: record.version, changedAt: record.changedAt })));
    after = page.at(-1)?.key;
    if (page.length < pageSize) return found;
  }
}

/** Orders that something may still happen to. */
export const activeStates = ['held', 'open', 'committed', 'cancelling'] as const satisfies readonly OrderCase['state'][];

/** The cases of these keys; one that the journal does not have is left out. */
export async function casesOf(tx: ReadTransaction | Transaction, keys: Iterable<string>): Promise<StoredCase[]> {
  const found: StoredCase[] = [];
  for (const key of keys) {
    const stored = await findCase(tx, key);
    if (stored !== null) found.push(stored);
  }
  return found;
}

/** Stores a new case with what led to it. */
export async function openCase(tx: Transaction, context: FlowContext, made: Decided, event: OrderHappening, now: Instant): Promise<void> {
  await store(tx, context, made, { event, before: null, version: 0, now });
}

/** Lets something happen to an order: decides, stores the case, records what must follow. All or nothing, with the transaction that it is part of. */
export async function applyEvent(tx: Transaction, context: FlowContext, key: string, event: OrderEvent): Promise<OrderCase> {
  const found = await findCase(tx, key);
  if (found === null) throw new InvariantError(`the journal has no order ${key}`);
  const now = context.clock.now();
  const decided = decide(found.case, event, now);
  await store(tx, context, decided, { event: event.kind, before: found.case, version: found.version, now });
  return decided.case;
}

/** Lets something happen to an order that is looked at again and again: leaves no trace when nothing comes of it. */
export async function applyNews(tx: Transaction, context: FlowContext, key: string, event: OrderEvent): Promise<boolean> {
  const before = await getCase(tx, key);
  const { case: after, commands } = decide(before, event, context.clock.now());
  if (commands.length === 0 && JSON.stringify(after) === JSON.stringify(before)) return false;
  await applyEvent(tx, context, key, event);
  return true;
}

export type Decided = { readonly case: OrderCase; readonly commands: readonly OrderCommand[]; readonly reasons: readonly string[] };

async function store(
  tx: Transaction,
  context: FlowContext,
  decided: Decided,
  given: { event: OrderHappening; before: OrderCase | null; version: number; now: Instant },
): Promise<void> {
  const { case: order, commands, reasons } = decided;
  const { event, before, version, now } = given;
  await tx.records.put(recordKind, order.key, { state: order.state, body: order, at: now, name: order.order.name, version });
  await keepAccruals(tx, context.settings, { before, after: order, now });
  for (const command of commands) await follow(tx, context, order, command, now);
  await followLabels(tx, context, { before, after: order, now });
  await tx.audit.append({
    at: now,
    actor: 'quartermaster',
    event: `order.${event}`,
    key: order.key,
    detail: { state: order.state, reasons: [...reasons], commands: commands.map((command) => command.kind) },
  });
  context.log({ at: now, event: `order.${event}`, order: order.key, state: order.state });
}

async function follow(tx: Transaction, context: FlowContext, order: OrderCase, command: OrderCommand, now: Instant): Promise<void> {
  switch (command.kind) {
    case 'drop':
      return dropCommands(tx, order, command);
    case 'raise':
      await tx.exceptions.raise({
        code: command.code,
        subjectKey: exceptionSubject(order.key, command.shipmentId),
        owner: ownerOf(context.settings, command.code),
        reason: command.reason,
        at: now,
      });
      return;
    case 'resolve':
      await tx.exceptions.resolve(
        { code: command.code, subjectKey: exceptionSubject(order.key, command.shipmentId) },
        { by: 'quartermaster', reason: 'it settled itself', at: now },
      );
      return;
    case 'write-order':
    case 'allocate':
    case 'deallocate':
    case 'buy-label':
    case 'void-label':
    case 'ship':
    case 'confirm':
    case 'cancel-order':
    case 'change-address':
    case 'acknowledge':
    case 'capture':
    case 'cancel-in-channel':
    case 'refund':
      return recordCommand(tx, context, order, command, now);
  }
}

const pageSize = 500;
