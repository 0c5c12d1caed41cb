import { notDoneBy, parseJson, statusFault, type HttpReply } from '@quartermaster/connector-kit';
import { ConnectorFault, type FaultFacts } from '@quartermaster/domain';
import { wireErrorsSchema, type WireError } from './wire.ts';

export const connector = 'sendcloud';

/** A fault about what surely did not happen. */
export const notDone = notDoneBy(connector);

/** Blanks out secrets and personal data in a text. */
export type Redact = (text: string) => string;

/**
 * What an answer of Sendcloud means when it is not a success; undefined when it is one. `purchase` marks the call that makes a label. There, an answer that is not in Sendcloud's own words may come
 * from somebody in between after the request was passed on: its outcome is unknown.
 */
export function sendcloudFault(given: {
  readonly operation: string;
  readonly reply: HttpReply;
  readonly now: string;
  readonly purchase: boolean;
  readonly redact: Redact;
}): ConnectorFault | undefined {
  const { operation, reply, purchase } = given;
  if (reply.status >= 200 && reply.status < 300) return undefined;
  const errors = readErrors(reply.text);
  /** There for every answer in Sendcloud's own words. */
  const vendorCode = errors === undefined ? undefined : (errors.map(({ code }) => code).find(Boolean) ?? 'unspecified');
  const fault = statusFault({
    connector,
    operation,
    now: given.now,
    reply,
    ...(errors === undefined ? {} : { message: given.redact(wordsOf(errors)) }),
    ...(vendorCode === undefined ? {} : { vendorCode }),
  });
  if (!purchase || reply.status < 400 || reply.status >= 500 || reply.status === 401) return fault;
  if (errors === undefined)
    return as(fault, {
      outcome: 'unknown',
      retry: { kind: 'safely' },
      advice: 'Somebody between us and Sendcloud answered: the purchase is looked up before it is made again.',
    });
  return reply.status === 400 || reply.status === 422
    ? as(fault, { advice: 'Correct what is named, or choose another service.' }, 'refused')
    : fault;
}

/** Whether Sendcloud itself, and nobody in between, says that there is no such thing. */
export function isNotThere({ facts: { status, vendorCode } }: ConnectorFault): boolean {
  return status === 404 && vendorCode !== undefined;
}

/** What errors say, in one text of bounded length: where, and what. */
export function wordsOf(errors: readonly WireError[]): string {
  const words = errors.map(({ source, detail, message, title, code }) =>
    [source?.pointer ?? source?.parameter, detail || message || title || code || 'refused'].filter(Boolean).join(': '),
  );
  const text = [...new Set(words)].join(' ');
  return text.length > 300 ? `${text.slice(0, 299)}…` : text;
}

function as(fault: ConnectorFault, more: Partial<FaultFacts>, code = fault.code): ConnectorFault {
  return new ConnectorFault(code, { ...fault.facts, ...more });
}

function readErrors(text: string): readonly WireError[] | undefined {
  return parseJson(wireErrorsSchema, text) ?? undefined;
}
