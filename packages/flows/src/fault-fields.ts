import type { ConnectorFault } from '@quartermaster/domain';

/** What an event says of a fault: codes and ids, never the vendor's sentence, which may quote what it was sent. The sentence is with the exception. */
export function causeOf({ code, facts }: ConnectorFault) {
  const { operation, vendorCode, requestId } = facts;
  return { code, operation, vendorCode: vendorCode ?? null, requestId: requestId ?? null };
}

/** The kind of an error that is a defect, such as `TypeError`. */
export function errorName(error: unknown): string {
  return error instanceof Error ? error.name : typeof error;
}
