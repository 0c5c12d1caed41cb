import {
  formatMoney,
  InvariantError,
  moneySchema,
  type Channel,
  type EffectRefs,
  type Instant,
  type LabelRef,
  type Safety,
} from '@quartermaster/domain';
import { commandKinds, type CommandKind, type OrderCase, type OrderCommand } from '@quartermaster/fulfilment';
import type { Intent, IntentQuery, IntentState, ReadTransaction, Transaction } from '@quartermaster/journal';
import { z } from 'zod';
import { scopeOf, type FlowContext } from './context.ts';
import { askApproval, program } from './maturity/approvals.ts';
import { flowOf, type AssistedFlow } from './maturity/maturity-policy.ts';
import { foundRefs } from './restored/found-labels.ts';

/** What an intent carries: which order it is for, and the particulars of its command. Never personal data: those are read from the vault when it is carried out. */
export const commandPayloadSchema = z.object({
  order: z.string(),
  shipmentId: z.string().nullable(),
  revision: z.int().nullable(),
  parcel: z.int().nullable(),
  label: z.object({ ref: z.string(), trackingNumber: z.string() }).nullable(),
  /** Money to be taken. Payloads of earlier versions have neither this nor `request`. */
  amount: moneySchema.nullable().default(null),
  /** The cancellation or refund of the case that it carries out. */
  request: z.string().nullable().default(null),
});
export type CommandPayload = z.infer<typeof commandPayloadSchema>;

type EffectCommand = Extract<OrderCommand, { kind: CommandKind }>;

/** What need not wait for the other effects of its order, and must not hold them up: a channel that is away keeps no order from being written, nor a refund from its money. */
const lanes: Readonly<Partial<Record<CommandKind, string>>> = { acknowledge: 'acknowledgement', capture: 'money', refund: 'money' };
const laneNames = [...new Set(Object.values(lanes))];

/** Effects of one key go one after the other. */
function orderingKey(order: string, kind: CommandKind): string {
  const lane = lanes[kind];
  return lane === undefined ? order : `${order}/${lane}`;
}

/** The order that an intent is for; of one that is for none, what it goes one after the other by. */
export function orderOf({ kind, payload, orderKey }: Pick<Intent, 'kind' | 'payload' | 'orderKey'>): string {
  return isCommandKind(kind) ? commandPayloadSchema.parse(payload).order : orderKey;
}

/** Intents of an order, oldest first. */
export async function intentsOf(tx: ReadTransaction | Transaction, order: string, query: Omit<IntentQuery, 'orderKey'>): Promise<Intent[]> {
  const found: Intent[] = [];
  for (const key of [order, ...laneNames.map((lane) => `${order}/${lane}`)])
    found.push(...(await tx.intents.list({ ...query, orderKey: key })));
  return found.sort((one, other) => one.id - other.id).slice(0, query.limit);
}

/**
 * Records a command of an order as an intent, once. A command that is asked for again is the same intent as long as that may still happen or has happened; where the earlier one
 * was given up before it left, was refused, or (cancelling, changing the address) may rightly come twice, it gets a key of its own. A change of address that has left already carries
 * the address of its time, so a later one is another.
 */
export async function recordCommand(
  tx: Transaction,
  context: FlowContext,
  given: OrderCase,
  command: EffectCommand,
  now: Instant,
): Promise<void> {
  const payload = payloadOf(given.key, command);
  const base = `${given.key}/${commandName(command.kind, payload)}`;
  const { connection, safety } = targetOf(context, given, command.kind, payload);
  const past = await forgottenPast(tx, given, { kind: command.kind, base });
  for (let ask = 1; ; ask++) {
    const key = `${base}/${ask}`;
    const earlier = await tx.intents.find(key);
    if (earlier !== null) {
      if (isOver(earlier.state, command.kind)) continue;
      return;
    }
    // What only reading back makes safe, and what may have been done, is looked up first.
    const doubted = past !== null && safety === 'read-back';
    const flow = flowOf(command.kind);
    const assisted = !doubted && flow !== null && context.settings.maturity[flow] === 'assist';
    await tx.intents.add({
      key,
      scope: scopeOf(context.settings, connection),
      kind: command.kind,
      orderKey: orderingKey(given.key, command.kind),
      subject: given.order.subject,
      payload,
      safety,
      runAt: now,
      state: doubted ? 'unknown' : assisted ? 'planned' : 'ready',
      ...(past?.refs === undefined ? {} : { refs: past.refs }),
    });
    if (assisted) await askForIntent(tx, context, given, { flow, key });
    return;
  }
}

/** An effect in `assist` waits as a planned intent until a person has approved it. */
async function askForIntent(
  tx: Transaction,
  context: FlowContext,
  given: OrderCase,
  { flow, key }: { readonly flow: AssistedFlow; readonly key: string },
): Promise<void> {
  const intent = await tx.intents.find(key);
  if (intent === null) throw new InvariantError(`intent ${key} was just added`);
  const { shipmentId, parcel, amount } = commandPayloadSchema.parse(intent.payload);
  const shipment = given.shipments.find(({ id }) => id === shipmentId);
  const what = [
    `${intent.kind} of ${given.order.name}`,
    ...(shipment === undefined ? [] : [`shipment ${shipment.id} from ${shipment.node} by ${shipment.carrier}/${shipment.service}`]),
    ...(parcel === null ? [] : [`parcel ${parcel}`]),
    ...(amount === null ? [] : [formatMoney(amount)]),
  ].join(', ');
  const needs = flow === 'refunds' ? 'supervisor' : 'operator';
  const carry = { kind: 'intent', intent: intent.id } as const;
  await askApproval(tx, context, { flow, about: given.key, what, askedBy: program, needs, carry, parts: [intent.id] });
}

/**
 * What a journal that came back from a backup may have forgotten of this command: null when nothing, because there was no restore or the order came after it. `refs` are those of the label
 * that was found.
 */
async function forgottenPast(
  tx: Transaction,
  { order }: OrderCase,
  { kind, base }: { readonly kind: CommandKind; readonly base: string },
): Promise<{ readonly refs: EffectRefs | undefined } | null> {
  const restoration = await tx.restoration.get();
  if (restoration === null || (restoration.settledAt !== null && order.placedAt > restoration.settledAt)) return null;
  return { refs: kind === 'buy-label' ? await foundRefs(tx, base) : undefined };
}

/** Gives up commands that have not left yet: those of the order, of one shipment, or of one label. */
export async function dropCommands(
  tx: Transaction,
  given: OrderCase,
  drop: { readonly shipmentId: string | null; readonly commands: readonly CommandKind[]; readonly label: LabelRef | null },
): Promise<void> {
  const { shipmentId, label } = drop;
  for (const kind of drop.commands) {
    const which = { orderKey: orderingKey(given.key, kind), kinds: [kind] };
    if (label !== null) {
      const waiting = await tx.intents.list({ ...which, states: ['planned', 'ready'], limit: everyCommand });
      for (const { key, payload } of waiting) {
        const about = commandPayloadSchema.parse(payload);
        const meant = about.label?.ref === label.ref && (shipmentId === null || about.shipmentId === shipmentId);
        if (meant) await tx.intents.cancel({ ...which, keyPrefix: key });
      }
    } else {
      await tx.intents.cancel(shipmentId === null ? which : { ...which, keyPrefix: `${given.key}/${kind}/${shipmentId}/` });
    }
  }
}

export function isCommandKind(kind: string): kind is CommandKind {
  return commandKinds.some((known) => known === kind);
}

/** More commands of one order than will ever wait. */
const everyCommand = 10_000;

const repeatable: ReadonlySet<CommandKind> = new Set(['cancel-order', 'change-address', 'write-order', 'deallocate']);

/** Whether a command that is asked for again is another one. */
function isOver(state: IntentState, kind: CommandKind): boolean {
  if (state === 'cancelled' || state === 'failed') return true;
  if (state === 'sent' || state === 'unknown') return kind === 'change-address';
  return state === 'done' && repeatable.has(kind);
}

function payloadOf(order: string, command: EffectCommand): CommandPayload {
  return {
    order,
    shipmentId: 'shipmentId' in command ? command.shipmentId : null,
    revision: 'revision' in command ? command.revision : null,
    parcel: 'parcel' in command ? command.parcel : null,
    label: 'label' in command ? command.label : null,
    amount: 'amount' in command ? command.amount : null,
    request: 'request' in command ? command.request : null,
  };
}

/** The part of the key behind the order: kind, shipment, then what tells commands of one kind and shipment apart. No part holds a slash, so what begins with a part and a slash is of it. */
function commandName(kind: CommandKind, payload: Omit<CommandPayload, 'order'>): string {
  const tail = [payload.revision, payload.parcel, payload.label?.ref, payload.request].filter(
    (part) => part !== null && part !== undefined,
  );
  return [`${kind}/${payload.shipmentId ?? 'order'}`, ...tail.map((part) => encodeURIComponent(String(part)))].join('/');
}

/**
 * Where a command goes and how it is made safe there. A connection that is not in the config any more gets its intent all the same, and refuses it when its turn comes: what led to
 * the command has happened and must be kept.
 */
function targetOf(
  context: FlowContext,
  given: OrderCase,
  kind: CommandKind,
  payload: CommandPayload,
): { connection: string; safety: Safety } {
  const { erp } = context;
  switch (kind) {
    case 'write-order':
      return { connection: erp.connection, safety: erp.safety.writeOrder };
    case 'allocate':
      return { connection: erp.connection, safety: erp.safety.allocate };
    case 'deallocate':
      return { connection: erp.connection, safety: erp.safety.deallocate };
    case 'ship':
      return { connection: erp.connection, safety: erp.safety.ship };
    case 'cancel-order':
      return { connection: erp.connection, safety: erp.safety.cancelOrder };
    case 'change-address':
      return { connection: erp.connection, safety: erp.safety.changeAddress };
    case 'confirm':
    case 'acknowledge':
    case 'capture':
    case 'cancel-in-channel':
    case 'refund':
      return {
        connection: given.scope.connection,
        safety: channelSafety(context.channels.get(given.scope.connection), kind) ?? 'read-back',
      };
    case 'buy-label':
    case 'void-label': {
      const shipment = given.shipments.find((each) => each.id === payload.shipmentId);
      if (shipment === undefined) throw new InvariantError(`order ${given.key} has no shipment ${payload.shipmentId}`);
      const safety = context.carriers.get(shipment.carrier)?.safety;
      return { connection: shipment.carrier, safety: (kind === 'buy-label' ? safety?.buy : safety?.voidLabel) ?? 'read-back' };
    }
  }
}

type ChannelCommand = Extract<CommandKind, 'confirm' | 'acknowledge' | 'capture' | 'cancel-in-channel' | 'refund'>;

function channelSafety(channel: Channel | undefined, kind: ChannelCommand): Safety | undefined {
  switch (kind) {
    case 'confirm':
      return channel?.safety.confirmShipment;
    case 'acknowledge':
      return channel?.acknowledgement?.safety;
    case 'capture':
      return channel?.capture?.safety;
    case 'cancel-in-channel':
      return channel?.cancellation?.safety;
    case 'refund':
      return channel?.refund?.safety;
  }
}
