import { isFault, type FaultCode } from '@quartermaster/domain';

/** What is read, or null when this user may not see it or this database does not have it. Every other fault goes on: the connection is at stake then. */
export async function ifReadable<T>(read: () => Promise<T>): Promise<T | null> {
  try {
    return await read();
  } catch (error) {
    if (isFault(error) && unreadable.has(error.code)) return null;
    throw error;
  }
}

/** `invalid-request`: a field that is not there, or that the user may not see. */
const unreadable: ReadonlySet<FaultCode> = new Set(['forbidden', 'unsupported', 'not-found', 'invalid-request']);
