import { notDoneBy, parseJson, statusFault, type HttpReply } from '@quartermaster/connector-kit';
import { ConnectorFault } from '@quartermaster/domain';
import { wireErrorSchema, type WireError } from './wire.ts';

export const connector = 'fedex';

export const notDone = notDoneBy(connector);

/** Blanks out secrets and personal data in a text. */
export type Redact = (text: string) => string;

/**
 * What an answer of FedEx means when it is not a success; undefined when it is one. `purchase` marks the call that makes a label: there, a 429 that is not in FedEx's own words may come from a
 * proxy after the request was passed on, so its outcome is unknown.
 */
export function fedexFault(given: {
  readonly operation: string;
  readonly reply: HttpReply;
  readonly now: string;
  readonly purchase: boolean;
  readonly redact: Redact;
}): ConnectorFault | undefined {
  const { operation, reply, purchase } = given;
  if (reply.status >= 200 && reply.status < 300) return undefined;
  const { transactionId, errors } = errorsOf(reply.text);
  const vendorCode = errors[0]?.code;
  const fault = statusFault({
    connector,
    operation,
    now: given.now,
    reply: transactionId === null ? reply : { ...reply, headers: { ...reply.headers, 'x-request-id': transactionId } },
    ...(errors.length === 0 ? {} : { message: given.redact(wordsOf(errors)) }),
    ...(vendorCode === undefined ? {} : { vendorCode }),
  });
  if (!purchase || reply.status !== 429 || errors.length > 0) return fault;
  return new ConnectorFault(fault.code, {
    ...fault.facts,
    outcome: 'unknown',
    advice: 'Somebody between us and FedEx answered: the purchase is looked up before it is made again.',
  });
}

/** Whether FedEx itself said no, in its own words, to what was asked: not to who asked, nor to how often. */
export function isRefusal(fault: ConnectorFault): boolean {
  const { status, vendorCode } = fault.facts;
  return vendorCode !== undefined && status !== undefined && [400, 404, 409, 422].includes(status);
}

function errorsOf(text: string): { readonly transactionId: string | null; readonly errors: readonly WireError[] } {
  const parsed = parseJson(wireErrorSchema, text);
  return { transactionId: parsed?.transactionId ?? null, errors: parsed?.errors ?? [] };
}

function wordsOf(errors: readonly WireError[]): string {
  const words = errors.map(({ message }) => message ?? 'refused').join(' ');
  return words.length > 300 ? `${words.slice(0, 299)}…` : words;
}
