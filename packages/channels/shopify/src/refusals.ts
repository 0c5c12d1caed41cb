import { notDoneBy } from '@quartermaster/connector-kit';
import { ConnectorFault } from '@quartermaster/domain';
import { connectorName } from './client.ts';
import type { WireUserError } from './wire.ts';

/** Throws what Shopify refused in words, if it did: nothing was done then. `advice` says by the vendor's code what to do. */
export function throwRefusal(operation: string, errors: readonly WireUserError[], advice: Readonly<Record<string, string>> = {}): void {
  const [error] = errors;
  if (error === undefined) return;
  const said = advice[error.code ?? ''];
  throw new ConnectorFault('refused', {
    connector: connectorName,
    operation,
    outcome: 'not-applied',
    retry: { kind: 'never' },
    message: errors.map(({ message }) => message).join(' '),
    ...(error.code == null ? {} : { vendorCode: error.code }),
    ...(said === undefined ? {} : { advice: said }),
  });
}

/** A fault of ours about something that was not done. */
export const notDone = notDoneBy(connectorName);

/** An answer that names nothing of what was made: it may be there or not. */
export function namelessAnswer(operation: string, what: string): ConnectorFault {
  return new ConnectorFault('malformed-reply', {
    connector: connectorName,
    operation,
    outcome: 'unknown',
    retry: { kind: 'safely' },
    message: `the answer names no ${what}`,
  });
}
