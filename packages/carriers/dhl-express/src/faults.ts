import { notDoneBy, parseJson, statusFault, type HttpReply } from '@quartermaster/connector-kit';
import { ConnectorFault } from '@quartermaster/domain';
import { wireErrorSchema, type WireError } from './wire.ts';

export const connector = 'dhl-express';

export const notDone = notDoneBy(connector);

/** Blanks out secrets and personal data in a text. */
export type Redact = (text: string) => string;

/**
 * What an answer of DHL means when it is not a success; undefined when it is one. `purchase` marks the call that makes a label: there, a 429 that is not in DHL's own words may come from a proxy
 * after the request was passed on, so its outcome is unknown. The vendor's code is the number that DHL writes before its words (`7008: …`), or else the title of the error.
 */
export function dhlFault(given: {
  readonly operation: string;
  readonly reply: HttpReply;
  readonly now: string;
  readonly purchase: boolean;
  readonly redact: Redact;
}): ConnectorFault | undefined {
  const { operation, reply, purchase, redact } = given;
  if (reply.status >= 200 && reply.status < 300) return undefined;
  const error = errorOf(reply.text);
  const requestId = reply.headers['invocation-id'] ?? reply.headers['message-reference'];
  const fault = statusFault({
    connector,
    operation,
    now: given.now,
    reply: requestId === undefined ? reply : { ...reply, headers: { ...reply.headers, 'x-request-id': requestId } },
    ...(error === null ? {} : { message: redact(wordsOf(error)), vendorCode: redact(codeOf(error)) }),
  });
  if (!purchase || reply.status !== 429 || error !== null) return fault;
  return new ConnectorFault(fault.code, {
    ...fault.facts,
    outcome: 'unknown',
    advice: 'Somebody between us and DHL answered: the purchase is looked up before it is made again.',
  });
}

/** DHL's own refusal of what was asked, in its words, and not a refusal of us or of somebody in between. */
export function isRefusal(fault: ConnectorFault): boolean {
  return fault.facts.vendorCode !== undefined && [400, 404, 422].includes(fault.facts.status ?? 0);
}

/** Null for what is no error of DHL's: a page of somebody in between. */
function errorOf(text: string): WireError | null {
  const error = parseJson(wireErrorSchema, text);
  return error?.detail || error?.title || error?.message ? error : null;
}

function codeOf({ detail, additionalDetails, title, message }: WireError): string {
  const [, code] = [detail, ...(additionalDetails ?? [])].map((text) => /^\s*(\d{3,6}):/.exec(text ?? '')).find((found) => found) ?? [];
  return code ?? title ?? message ?? 'unknown';
}

function wordsOf({ detail, additionalDetails, title, message }: WireError): string {
  const details = (additionalDetails ?? []).filter((text) => text.trim() !== '');
  const words = details.length > 0 ? details.join(' ') : detail?.trim() || title || message || 'refused';
  return words.length > 300 ? `${words.slice(0, 299)}…` : words;
}
