import { commandKinds, exceptionKinds, type ExceptionCode } from '@quartermaster/fulfilment';
import type { ExceptionCase, Intent, Transaction } from '@quartermaster/journal';
import type { FlowContext } from '../context.ts';
import { commandPayloadSchema, intentsOf } from '../intents.ts';
import { backorderedCode } from '../exceptions/backorders.ts';
import { exceptionSubject } from '../exceptions/exception-subject.ts';
import { retryIn } from './intent-operations.ts';
import { operate, refused, type Asked, type Outcome, type Refused, type Worked } from './operation.ts';

/**
 * Answers an exception: one of an intent lets that go once more; one that only tells something is settled, because a person has seen to it. What stands in an order's way is not
 * settled by saying so: refused, with what ends it.
 */
export async function retryException(
  context: FlowContext,
  asked: Asked,
  given: { readonly exception: number; readonly provedAbsent: boolean },
): Promise<Outcome> {
  const needs = given.provedAbsent ? 'supervisor' : 'operator';
  return operate(context, asked, { name: 'retry', needs, given }, async (tx, now): Promise<Worked | Refused> => {
    const exception = await tx.exceptions.get(given.exception);
    if (exception === null) return refused('not-found', `there is no exception ${given.exception}`, "Look its id up with 'qm exceptions'.");
    if (exception.resolved !== null)
      return refused('wrong-state', `exception ${exception.id} was settled by ${exception.resolved.by}`, 'Nothing: it waits for nobody.');
    const intent = await intentOf(tx, exception);
    if (intent !== null) return retryIn(tx, context, intent, { asked, now, provedAbsent: given.provedAbsent });
    const remedy = remedyOf(exception.code);
    if (remedy !== null) return refused('not-an-intent', `${exception.code} is not ended by saying so`, remedy);
    await tx.exceptions.resolve({ id: exception.id }, { by: asked.by, reason: asked.reason, at: now });
    return {
      kind: 'done',
      key: exception.subjectKey,
      before: { exception: exception.id, code: exception.code, open: true },
      after: { exception: exception.id, code: exception.code, open: false },
    };
  });
}

/** The newest intent that an exception is about and that waits for a person. */
async function intentOf(tx: Transaction, exception: ExceptionCase): Promise<Intent | null> {
  if (exception.intentId !== null) return tx.intents.get(exception.intentId);
  const kind = commandKinds.find((each) => exception.code === `${each}-failed`);
  if (kind === undefined) return null;
  const [orderKey = ''] = exception.subjectKey.split('/shipment/');
  const waiting = await intentsOf(tx, orderKey, { kinds: [kind], states: ['dead', 'failed'], limit: 1_000 });
  const about = ({ payload }: Intent) => {
    const { order, shipmentId } = commandPayloadSchema.parse(payload);
    return exceptionSubject(order, shipmentId) === exception.subjectKey || exceptionSubject(order, null) === exception.subjectKey;
  };
  return waiting.filter(about).at(-1) ?? null;
}

/** What ends an exception that stands in the way of something; null for one that only tells something. */
function remedyOf(code: string): string | null {
  if (code === 'connection-down' || code === 'step-failed') return 'It ends by itself once that works; see to the cause.';
  if (code === 'parcel-too-heavy' || code === 'override-impossible') return 'See to the cause; the next wave decides anew.';
  if (code === 'revised-after-commit' || code === 'held-after-commit' || code === 'label-lost') return 'Release the hold of the order.';
  if (code === backorderedCode) return 'It settles itself when a wave finds stock; else cancel the order, or snooze it.';
  if (code === 'short-reservation' || code === 'delivery-missing') return 'See to it in the ERP; it is read again before each wave.';
  if (code === 'pack-mismatch') return 'It ends when the shipment was packed right and checked again.';
  return isOrderCode(code) && exceptionKinds[code].blocking ? 'See to the cause: nothing of it waits to be retried.' : null;
}

function isOrderCode(code: string): code is ExceptionCode {
  return Object.hasOwn(exceptionKinds, code);
}
