/** Every cause that a connector may report. `docs/faults.md` says for each what it means and what to do; a test compares the two. */
export const faultCodes = [
  'unreachable',
  'timeout',
  'rate-limited',
  'server-error',
  'malformed-reply',
  'unauthorized',
  'forbidden',
  'not-found',
  'invalid-request',
  'refused',
  'conflict',
  'unsupported',
  'misconfigured',
] as const;
export type FaultCode = (typeof faultCodes)[number];

/**
 * Whether the request may have had its effect. `not-applied`: it surely had none (never left, or the vendor said so). `unknown`: it left, and nothing reliable came back.
 */
export type FaultOutcome = 'not-applied' | 'unknown';

/** May the same request be made again? `never` as it is, `safely` at any time, `after` some milliseconds. */
export type FaultRetry = { readonly kind: 'never' } | { readonly kind: 'safely' } | { readonly kind: 'after'; readonly ms: number };

export type FaultFacts = {
  /** Name of the connector, such as `odoo` or `shopify`. */
  readonly connector: string;
  /** What was being done, such as `sale.order.load`. */
  readonly operation: string;
  readonly outcome: FaultOutcome;
  readonly retry: FaultRetry;
  /** One sentence for people: what happened. Never a secret, never personal data. */
  readonly message: string;
  /** What to do next, one sentence. */
  readonly advice?: string;
  readonly status?: number;
  /** The vendor's own code, such as `THROTTLED` or `odoo.exceptions.UserError`. */
  readonly vendorCode?: string;
  readonly requestId?: string;
  readonly cause?: unknown;
};

/** The one exception of connectors: something outside did not work. Outcomes of the business (out of stock, address refused) are values, not faults. */
export class ConnectorFault extends Error {
  override readonly name = 'ConnectorFault';
  readonly code: FaultCode;
  readonly facts: FaultFacts;

  constructor(code: FaultCode, facts: FaultFacts) {
    super(`${facts.connector} ${facts.operation}: ${facts.message}`, facts.cause === undefined ? undefined : { cause: facts.cause });
    this.code = code;
    this.facts = facts;
  }

  /** What may be stored and shown: everything but the cause. */
  toJSON(): Record<string, unknown> {
    const { cause: _cause, ...facts } = this.facts;
    return { code: this.code, ...facts };
  }
}

/**
 * A value that cannot be trusted from outside was read where only our own may stand: the journal, a config, a decision. A bug or damage, never a vendor's fault.
 */
export class InvariantError extends Error {
  override readonly name = 'InvariantError';
}

export function isFault(error: unknown): error is ConnectorFault {
  return error instanceof ConnectorFault;
}
