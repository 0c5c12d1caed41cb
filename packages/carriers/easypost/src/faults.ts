import { parseJson, statusFault, type HttpReply } from '@quartermaster/connector-kit';
import { ConnectorFault, type FaultCode, type FaultOutcome, type FaultRetry } from '@quartermaster/domain';
import { wireErrorSchema, type WireError } from './wire.ts';

export const connector = 'easypost';

/** The shipment has its label already: get it instead of buying. */
export const postageExists = 'SHIPMENT.POSTAGE.EXISTS';
/** The carrier refused; nothing was bought. */
export const postageFailure = 'SHIPMENT.POSTAGE.FAILURE';

/**
 * What an answer of EasyPost means when it is not a success; undefined when it is one. `purchase` marks the call that costs money: there, a 429 that is not in EasyPost's own
 * words may come from a proxy after the request was passed on, so its outcome is unknown.
 */
export function easypostFault(given: {
  readonly operation: string;
  readonly reply: HttpReply;
  readonly now: string;
  readonly purchase: boolean;
  /** Blanks out secrets and personal data in EasyPost's texts. */
  readonly redact: (text: string) => string;
}): ConnectorFault | undefined {
  const { operation, reply, purchase } = given;
  if (reply.status >= 200 && reply.status < 300) return undefined;
  const error = readError(reply.text);
  const vendorCode = error?.code ?? undefined;
  const requestId = reply.headers['x-ep-request-uuid'];
  const message = error === undefined ? undefined : given.redact(wordsOf(error));
  const special = vendorCode === undefined ? undefined : meanings.get(vendorCode);
  const known =
    special ?? (reply.status === 402 ? billing : purchase && reply.status === 429 && error === undefined ? strangeRefusal : undefined);
  if (known === undefined) {
    return statusFault({
      connector,
      operation,
      now: given.now,
      reply: requestId === undefined ? reply : { ...reply, headers: { ...reply.headers, 'x-request-id': requestId } },
      ...(message === undefined ? {} : { message }),
      ...(vendorCode === undefined ? {} : { vendorCode }),
    });
  }
  return new ConnectorFault(known.code, {
    connector,
    operation,
    outcome: known.outcome,
    retry: known.retry,
    status: reply.status,
    message: message ?? `answered with HTTP ${reply.status}`,
    advice: known.advice,
    ...(vendorCode === undefined ? {} : { vendorCode }),
    ...(requestId === undefined ? {} : { requestId }),
  });
}

type Meaning = { readonly code: FaultCode; readonly outcome: FaultOutcome; readonly retry: FaultRetry; readonly advice: string };

const lookFirst = 'The purchase may have happened: the shipment is looked up before anything else.';

/** Codes of a purchase as three public integrators met them (facts/carriers.md 3.1); the HTTP status beside them is not documented, so the code decides. */
const meanings: ReadonlyMap<string, Meaning> = new Map<string, Meaning>([
  [
    postageExists,
    { code: 'conflict', outcome: 'not-applied', retry: { kind: 'never' }, advice: 'The shipment has its label: it is read instead.' },
  ],
  ['SHIPMENT.PURCHASE.IN_PROGRESS', { code: 'conflict', outcome: 'unknown', retry: { kind: 'after', ms: 5_000 }, advice: lookFirst }],
  ['SHIPMENT.POSTAGE.TIMED_OUT', { code: 'timeout', outcome: 'unknown', retry: { kind: 'safely' }, advice: lookFirst }],
  ['SHIPMENT.POSTAGE.NO_RESPONSE', { code: 'timeout', outcome: 'unknown', retry: { kind: 'safely' }, advice: lookFirst }],
  [
    postageFailure,
    {
      code: 'refused',
      outcome: 'not-applied',
      retry: { kind: 'never' },
      advice: 'The carrier refused: correct the address or the parcel, or choose another service.',
    },
  ],
]);

const billing: Meaning = {
  code: 'refused',
  outcome: 'not-applied',
  retry: { kind: 'never' },
  advice: 'EasyPost asks for money: add funds or a payment method there.',
};
const strangeRefusal: Meaning = { code: 'rate-limited', outcome: 'unknown', retry: { kind: 'after', ms: 1_000 }, advice: lookFirst };

function readError(text: string): WireError | undefined {
  return parseJson(wireErrorSchema, text)?.error;
}

function wordsOf(error: WireError): string {
  const details = error.errors.flatMap((detail) => {
    if (detail === null) return [];
    if (typeof detail === 'string') return [detail];
    return [[detail.field, detail.message].filter(Boolean).join(' ')];
  });
  const words = [error.message ?? 'refused', ...details].filter((part) => part !== '').join(' ');
  return words.length > 300 ? `${words.slice(0, 299)}…` : words;
}
