import { ConnectorFault, isFault } from '@quartermaster/domain';

/** Does what comes before an effect, such as readings. Whatever goes wrong in here, the effect itself was not asked for: so the fault says, and nothing has to be looked up. */
export async function beforeTheEffect<Result>(run: () => Promise<Result>): Promise<Result> {
  try {
    return await run();
  } catch (error) {
    if (!isFault(error) || error.facts.outcome === 'not-applied') throw error;
    throw new ConnectorFault(error.code, { ...error.facts, outcome: 'not-applied' });
  }
}
