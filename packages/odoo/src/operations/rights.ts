import { ConnectorFault, isFault } from '@quartermaster/domain';
import { operation, type Operation } from './operation.ts';

/**
 * An operation that needs a right beyond Sales and Inventory: when Odoo forbids it, the fault says which one is missing. An import reports the same as a refusal, so its words are
 * looked at, too.
 */
export function needing<Input, Output>(right: string, of: Operation<Input, Output>): Operation<Input, Output> {
  return operation(of.name, of.safety, async (session, input: Input) => {
    try {
      return await of.run(session, input);
    } catch (error) {
      if (isFault(error) && (error.code === 'forbidden' || isAccessText(error.message))) {
        throw new ConnectorFault('forbidden', {
          ...error.facts,
          operation: of.name,
          advice: `Give the integration user the right "${right}" in Odoo.`,
        });
      }
      throw error;
    }
  });
}

function isAccessText(message: string): boolean {
  return /You are not allowed to (access|create|modify|write|delete) |don't have the access rights/.test(message);
}

/** The rights as Odoo's user form names them. */
export const rights = {
  invoicing: 'Accounting: Invoicing',
  purchasing: 'Purchase: User',
  inventoryAdministration: 'Inventory: Administrator',
} as const;
