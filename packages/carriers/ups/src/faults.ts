import { notDoneBy, parseJson, statusFault, type HttpReply } from '@quartermaster/connector-kit';
import { ConnectorFault } from '@quartermaster/domain';
import { wireErrorSchema, type WireError } from './wire.ts';

export const connector = 'ups';

export const notDone = notDoneBy(connector);

/** Blanks out secrets and personal data in a text. */
export type Redact = (text: string) => string;

/**
 * What an answer of UPS means when it is not a success; undefined when it is one. `purchase` marks the call that makes a label: there, a 429 that is not in UPS's own words may come from a
 * proxy after the request was passed on, so its outcome is unknown.
 */
export function upsFault(given: {
  readonly operation: string;
  readonly reply: HttpReply;
  readonly now: string;
  readonly purchase: boolean;
  readonly redact: Redact;
}): ConnectorFault | undefined {
  const { operation, reply, purchase } = given;
  if (reply.status >= 200 && reply.status < 300) return undefined;
  const errors = errorsOf(reply.text);
  const vendorCode = errors[0]?.code;
  const requestId = reply.headers['bkndtransid'] ?? reply.headers['transid'];
  const fault = statusFault({
    connector,
    operation,
    now: given.now,
    reply: requestId === undefined ? reply : { ...reply, headers: { ...reply.headers, 'x-request-id': requestId } },
    ...(errors.length === 0 ? {} : { message: given.redact(wordsOf(errors)) }),
    ...(vendorCode === undefined ? {} : { vendorCode }),
  });
  if (!purchase || reply.status !== 429 || errors.length > 0) return fault;
  return new ConnectorFault(fault.code, {
    ...fault.facts,
    outcome: 'unknown',
    advice: 'Somebody between us and UPS answered: the purchase is looked up before it is made again.',
  });
}

function errorsOf(text: string): readonly WireError[] {
  return parseJson(wireErrorSchema, text)?.response.errors ?? [];
}

function wordsOf(errors: readonly WireError[]): string {
  const words = errors.map(({ message }) => message ?? 'refused').join(' ');
  return words.length > 300 ? `${words.slice(0, 299)}…` : words;
}
