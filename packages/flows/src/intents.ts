import { InvariantError, type Instant, type LabelRef, type Safety } from '@quartermaster/domain';
import { commandKinds, type CommandKind, type OrderCase, type OrderCommand } from '@quartermaster/fulfilment';
import type { Transaction } from '@quartermaster/journal';
import { z } from 'zod';
import { scopeOf, type FlowContext } from './context.ts';

/** What an intent carries: which order it is for, and the particulars of its command. Never personal data: those are read from the vault when it is carried out. */
export const commandPayloadSchema = z.object({
  order: z.string(),
  shipmentId: z.string().nullable(),
  revision: z.int().nullable(),
  parcel: z.int().nullable(),
  label: z.object({ ref: z.string(), trackingNumber: z.string() }).nullable(),
});
export type CommandPayload = z.infer<typeof commandPayloadSchema>;

type EffectCommand = Extract<OrderCommand, { kind: CommandKind }>;

/**
 * Records a command of an order as an intent, once. A command that is asked for again is the same intent as long as that may still happen or has happened; where the earlier one
 * was given up before it left, was refused, or (cancelling, changing the address) may rightly come twice, it gets a key of its own.
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
  for (let ask = 1; ; ask++) {
    const key = ask === 1 ? base : `${base}~${ask}`;
    const earlier = await tx.intents.find(key);
    if (earlier !== null) {
      const over =
        earlier.state === 'cancelled' || earlier.state === 'failed' || (earlier.state === 'done' && repeatable.has(command.kind));
      if (over) continue;
      return;
    }
    await tx.intents.add({
      key,
      scope: scopeOf(context.settings, connection),
      kind: command.kind,
      orderKey: given.key,
      subject: given.order.subject,
      payload,
      safety,
      runAt: now,
      state: 'ready',
    });
    return;
  }
}

/** Gives up commands that have not left yet. */
export async function dropCommands(
  tx: Transaction,
  given: OrderCase,
  drop: { readonly shipmentId: string | null; readonly commands: readonly CommandKind[]; readonly label: LabelRef | null },
): Promise<void> {
  for (const kind of drop.commands) {
    const part = { shipmentId: drop.shipmentId, revision: null, parcel: null, label: drop.label };
    await tx.intents.cancel({
      orderKey: given.key,
      kinds: [kind],
      ...(drop.shipmentId === null ? {} : { keyPrefix: `${given.key}/${commandPrefix(kind, part)}` }),
    });
  }
}

export function isCommandKind(kind: string): kind is CommandKind {
  return commandKinds.some((known) => known === kind);
}

const repeatable: ReadonlySet<CommandKind> = new Set(['cancel-order', 'change-address', 'write-order']);

function payloadOf(order: string, command: EffectCommand): CommandPayload {
  return {
    order,
    shipmentId: 'shipmentId' in command ? command.shipmentId : null,
    revision: 'revision' in command ? command.revision : null,
    parcel: 'parcel' in command ? command.parcel : null,
    label: 'label' in command ? command.label : null,
  };
}

/** The part of the key behind the order: kind, shipment, then what tells commands of one kind and shipment apart. */
function commandName(kind: CommandKind, payload: Omit<CommandPayload, 'order'>): string {
  const tail = [payload.revision, payload.parcel, payload.label?.ref].filter((part) => part !== null && part !== undefined);
  return [`${kind}/${payload.shipmentId ?? 'order'}`, ...tail.map((part) => encodeURIComponent(String(part)))].join('/');
}

function commandPrefix(kind: CommandKind, payload: Omit<CommandPayload, 'order'>): string {
  const ofShipment = `${kind}/${payload.shipmentId ?? 'order'}/`;
  return kind === 'allocate' || kind === 'confirm' ? ofShipment.slice(0, -1) : ofShipment;
}

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
    case 'ship':
      return { connection: erp.connection, safety: erp.safety.ship };
    case 'cancel-order':
      return { connection: erp.connection, safety: erp.safety.cancelOrder };
    case 'change-address':
      return { connection: erp.connection, safety: erp.safety.changeAddress };
    case 'confirm': {
      const channel = context.channels.get(given.scope.connection);
      if (channel === undefined)
        throw new InvariantError(`the channel ${given.scope.connection} of order ${given.key} is not in the config`);
      return { connection: channel.connection, safety: channel.safety.confirmShipment };
    }
    case 'buy-label':
    case 'void-label': {
      const shipment = given.shipments.find((each) => each.id === payload.shipmentId);
      const carrier = shipment === undefined ? undefined : context.carriers.get(shipment.carrier);
      if (carrier === undefined)
        throw new InvariantError(`the carrier of shipment ${payload.shipmentId} of order ${given.key} is not in the config`);
      return { connection: carrier.connection, safety: kind === 'buy-label' ? carrier.safety.buy : carrier.safety.voidLabel };
    }
  }
}
