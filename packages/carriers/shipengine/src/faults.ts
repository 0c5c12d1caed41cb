import { notDoneBy, parseJson, statusFault, type HttpReply } from '@quartermaster/connector-kit';
import { ConnectorFault, type FaultCode, type FaultOutcome, type FaultRetry } from '@quartermaster/domain';
import { wireErrorsSchema, type WireErrorItem } from './wire.ts';

export const connector = 'shipengine';

/** A fault about what surely did not happen. */
export const notDone = notDoneBy(connector);

/** The `external_shipment_id` is taken: what stands under it is looked up. */
export const identifierConflict = 'identifier_conflict';
/** No service takes the parcel: an answer, not a failure. */
export const noRatesReturned = 'no_rates_returned';

/**
 * What an answer of ShipEngine means when it is not a success; undefined when it is one. `purchase` marks the call that costs money. There, an answer that is not in ShipEngine's own words may come
 * from somebody in between after the request was passed on; and a carrier that broke down may have made the label: the outcome of both is unknown.
 */
export function shipengineFault(given: {
  readonly operation: string;
  readonly reply: HttpReply;
  readonly now: string;
  readonly purchase: boolean;
  /** Blanks out secrets and personal data in ShipEngine's texts. */
  readonly redact: (text: string) => string;
}): ConnectorFault | undefined {
  const { operation, reply, purchase } = given;
  if (reply.status >= 200 && reply.status < 300) return undefined;
  const said = readErrors(reply.text);
  const [first] = said?.errors ?? [];
  const vendorCode = first?.error_code ?? undefined;
  const requestId = said?.request_id ?? undefined;
  const message = said === undefined ? undefined : given.redact(wordsOf(said.errors));
  const meaning = meaningOf(first, reply.status, purchase);
  if (meaning === undefined) {
    return statusFault({
      connector,
      operation,
      now: given.now,
      reply: requestId === undefined ? reply : { ...reply, headers: { ...reply.headers, 'x-request-id': requestId } },
      ...(message === undefined ? {} : { message }),
      ...(vendorCode === undefined ? {} : { vendorCode }),
    });
  }
  return new ConnectorFault(meaning.code, {
    connector,
    operation,
    outcome: meaning.outcome,
    retry: meaning.retry,
    status: reply.status,
    message: message ?? `answered with HTTP ${reply.status}`,
    advice: meaning.advice,
    ...(vendorCode === undefined ? {} : { vendorCode }),
    ...(requestId === undefined ? {} : { requestId }),
  });
}

/** What errors say, in one text of bounded length. */
export function wordsOf(errors: readonly WireErrorItem[]): string {
  const words = errors.map(({ carrier_code, field_name, message, error_code }) =>
    [carrier_code, field_name, message ?? error_code ?? 'refused']
      .filter((part) => part !== null && part !== undefined && part !== '')
      .join(': '),
  );
  const text = [...new Set(words)].join(' ');
  return text.length > 300 ? `${text.slice(0, 299)}…` : text;
}

/** Whether an error tells of something that broke, rather than of something that is not allowed: then another try may go well. */
export function brokeDown(error: WireErrorItem): boolean {
  return error.error_type === 'system' || error.error_type === 'integrations';
}

type Meaning = { readonly code: FaultCode; readonly outcome: FaultOutcome; readonly retry: FaultRetry; readonly advice: string };

const lookFirst = 'The purchase may have happened: it is looked up before anything else.';

function meaningOf(error: WireErrorItem | undefined, status: number, purchase: boolean): Meaning | undefined {
  if (error === undefined) {
    const isBetween = purchase && status >= 400 && status < 500 && status !== 401;
    return isBetween ? { code: 'malformed-reply', outcome: 'unknown', retry: { kind: 'safely' }, advice: lookFirst } : undefined;
  }
  const special = meanings.get(error.error_code ?? '');
  if (special !== undefined && status < 500) return special;
  if (purchase && status < 500 && error.error_source === 'carrier' && brokeDown(error))
    return { code: 'server-error', outcome: 'unknown', retry: { kind: 'safely' }, advice: lookFirst };
  if (purchase && status === 400) return refusal('Correct what is named, or choose another service.');
  return undefined;
}

function refusal(advice: string, code: FaultCode = 'refused'): Meaning {
  return { code, outcome: 'not-applied', retry: { kind: 'never' }, advice };
}

/** Error codes (schema `error_code`) that say more than their HTTP status. */
const meanings: ReadonlyMap<string, Meaning> = new Map<string, Meaning>([
  [identifierConflict, refusal('What stands under this id is looked up instead.', 'conflict')],
  ['insufficient_funds', refusal('Add funds to the carrier account at ShipEngine.')],
  ['funding_source_error', refusal('Look at the payment method of the account at ShipEngine.')],
  ['funding_source_missing_configuration', refusal('Set up a payment method of the account at ShipEngine.')],
  ['meter_failure', refusal('Look at the postage account at ShipEngine.')],
  ['subscription_inactive', refusal('Renew the subscription at ShipEngine.', 'forbidden')],
  ['trial_expired', refusal('Subscribe at ShipEngine.', 'forbidden')],
  ['invalid_billing_plan', refusal('The plan of the account has no such service: change it at ShipEngine.', 'forbidden')],
  ['terms_not_accepted', refusal('Accept the terms of the carrier at ShipEngine.', 'forbidden')],
  ['carrier_disconnected', refusal('Connect the carrier account anew at ShipEngine.', 'misconfigured')],
  ['carrier_not_connected', refusal('Connect the carrier account at ShipEngine.', 'misconfigured')],
  ['carrier_not_supported', refusal('Choose another carrier account.', 'unsupported')],
]);

function readErrors(text: string) {
  return parseJson(wireErrorsSchema, text) ?? undefined;
}
