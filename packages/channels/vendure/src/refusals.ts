import { ConnectorFault } from '@quartermaster/domain';
import { connectorName } from './client.ts';
import type { WireRefusal } from './wire.ts';

/** What Vendure refused in one of its typed errors, which come as data: nothing was done. */
export function refusedBy(operation: string, { errorCode, message }: WireRefusal): ConnectorFault {
  return new ConnectorFault('refused', {
    connector: connectorName,
    operation,
    outcome: 'not-applied',
    retry: { kind: 'never' },
    vendorCode: errorCode,
    message: message.slice(0, 300),
    ...(errorCode === 'INSUFFICIENT_STOCK_ON_HAND_ERROR'
      ? { advice: "Vendure ships only what its stock on hand covers: publish the level of the order's item, and try again." }
      : {}),
  });
}
