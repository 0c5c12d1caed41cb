import type { OrderLine } from '@quartermaster/domain';
import type { OrderCase } from '@quartermaster/fulfilment';

/** A line as a person names it, by its id or its SKU, and units of it. */
export type NamedUnits = { readonly line: string; readonly units: number };

export type UnitsOfLine = { readonly line: OrderLine; readonly units: number };

/** The lines that a person names; a sentence when one is not there, is ambiguous, is named twice or has fewer units. */
export function linesNamed({ order }: OrderCase, named: readonly NamedUnits[]): readonly UnitsOfLine[] | string {
  const found: UnitsOfLine[] = [];
  for (const { line: name, units } of named) {
    const byId = order.lines.filter(({ id }) => id === name);
    const [line, ...others] = byId.length > 0 ? byId : order.lines.filter(({ sku }) => sku === name);
    const lines = order.lines.map(({ id, sku }) => (sku === null ? id : `${id} (${sku})`)).join(', ');
    if (line === undefined) return `the order has no line ${name}; its lines: ${lines}`;
    if (others.length > 0) return `several lines are ${name}; name one by its id: ${lines}`;
    if (found.some((other) => other.line === line)) return `line ${name} is named twice`;
    if (units > line.quantity) return `line ${name} has ${line.quantity} units, not ${units}`;
    found.push({ line, units });
  }
  return found;
}
