import { ConnectorFault, type FaultCode } from '@quartermaster/domain';

/** Makes a connector's faults about what surely did not happen and is not to be tried again: the vendor said no, or there was no use in asking. */
export function notDoneBy(connector: string): (code: FaultCode, operation: string, message: string, advice?: string) => ConnectorFault {
  return (code, operation, message, advice) =>
    new ConnectorFault(code, {
      connector,
      operation,
      outcome: 'not-applied',
      retry: { kind: 'never' },
      message,
      ...(advice === undefined ? {} : { advice }),
    });
}
