import { moneyFromDecimal, typedLabelRefs, typedLabelSchema, type Instant, type Money } from '@quartermaster/domain';
import type { Intent, Transaction } from '@quartermaster/journal';
import type { FlowContext } from '../context.ts';
import { commandPayloadSchema } from '../intents.ts';
import { getCase } from '../order-cases.ts';
import { retryIn } from './intent-operations.ts';
import { operate, refused, type Asked, type Outcome, type Refused, type Worked } from './operation.ts';

/** What a person typed in of a label; `price` is decimal text in the currency of the plan, null for what the tariff says. */
export type Typed = { readonly trackingNumber: string; readonly price: string | null; readonly trackingUrl: string | null };

/**
 * Types in a label that a person bought where no program can: its number, and what it cost. It is kept with the purchase, which then finds it and goes the way of every other. Refused for a carrier
 * that sells its labels itself, for a purchase that does not wait for a person, and for a number that another parcel of the order has.
 */
export async function typeLabel(context: FlowContext, asked: Asked, given: Typed & { readonly intent: number }): Promise<Outcome> {
  return operate(context, asked, { name: 'label', needs: 'operator', given }, async (tx, now) => {
    const intent = await tx.intents.get(given.intent);
    if (intent === null) return refused('not-found', `the journal has no intent ${given.intent}`, "Look its id up with 'qm intents'.");
    return whyNot(context, intent) ?? typeIn(tx, context, intent, { asked, now, given });
  });
}

function whyNot({ carriers }: FlowContext, { id, kind, state, scope: { connection } }: Intent): Refused | null {
  if (kind !== 'buy-label')
    return refused(
      'impossible',
      `intent ${id} is no purchase of a label`,
      "Look the purchase up with 'qm intents': its kind is buy-label.",
    );
  // A carrier that makes no labels has them bought by people.
  if (carriers.get(connection)?.capabilities.labelFormats.length !== 0)
    return refused('impossible', `${connection} sells its labels itself`, 'Retry the purchase, or drop it and send the parcel by hand.');
  if (state !== 'failed' && state !== 'dead')
    return refused('wrong-state', `intent ${id} is ${state}`, 'Only a purchase that is dead or failed waits for a person.');
  return null;
}

async function typeIn(
  tx: Transaction,
  context: FlowContext,
  intent: Intent,
  { asked, now, given }: { readonly asked: Asked; readonly now: Instant; readonly given: Typed },
): Promise<Worked | Refused> {
  const { price, trackingNumber, trackingUrl } = given;
  const paid = price === null ? null : paidOf(price, context.settings.currency);
  if (paid === 'none')
    return refused('impossible', `${price} is no price in ${context.settings.currency}`, 'Type what it cost, such as 5.49.');
  const typed = typedLabelSchema.safeParse({ trackingNumber, trackingUrl, price: paid, typedAt: now });
  if (!typed.success)
    return refused('impossible', `this is no label: ${typed.error.issues[0]?.message ?? 'unknown'}`, 'Type it as the carrier printed it.');
  const { order: key } = commandPayloadSchema.parse(intent.payload);
  const order = await getCase(tx, key);
  const isTaken = order.shipments.some(({ labels, withdrawn }) =>
    [...labels, ...withdrawn].some(({ label }) => label.trackingNumber === typed.data.trackingNumber),
  );
  if (isTaken)
    return refused(
      'impossible',
      `another parcel of the order has the number ${typed.data.trackingNumber}`,
      'Every parcel has a number of its own.',
    );
  const retried = await retryIn(tx, context, intent, { asked, now, provedAbsent: false });
  if (retried.kind === 'refused') return retried;
  await tx.intents.knownRefs(intent.key, typedLabelRefs(typed.data));
  return retried;
}

/** A price has no more digits than its currency, and is not below nothing. */
function paidOf(text: string, currency: string): Money | 'none' {
  try {
    const paid = moneyFromDecimal(text, currency);
    return paid.minor < 0 ? 'none' : paid;
  } catch (error) {
    if (error instanceof RangeError) return 'none';
    throw error;
  }
}
