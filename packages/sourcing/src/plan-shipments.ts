import { shippingPrice, type Compiled } from './compile.ts';
import { shipmentMinutes, type Shipment } from './ledger.ts';
import { sharedLines } from './line-sets.ts';
import { canShip, costOfLine, lanesTo, lineAllows, orderAllows, sourceAt } from './sources.ts';
import type { PlanShipment } from './plan.ts';

/** An order's shipments by indexes, or in words why it cannot ship so, whatever the others do; `at` is the shipment's number, undefined where it is all of them together. */
export type ReadShipments =
  | { readonly kind: 'possible'; readonly shipments: readonly Shipment[] }
  | { readonly kind: 'impossible'; readonly why: string; readonly at?: number };

/** Reads shipments of one order from a plan of any author. Everything is checked but what the order shares with others: that is for a ledger to say. */
export function readShipments(compiled: Compiled, order: number, given: readonly Omit<PlanShipment, 'order'>[]): ReadShipments {
  const { problem } = compiled;
  const known = problem.orders[order]!;
  const shipped = new Set<number>();
  const shipments: Shipment[] = [];
  for (const [at, one] of given.entries()) {
    const shipment = readShipment(compiled, order, one);
    if (typeof shipment === 'string') return { kind: 'impossible', why: shipment, at };
    const twice = shipment.lines.find((line) => shipped.has(line));
    if (twice !== undefined) return { kind: 'impossible', why: `Line ${twice} is shipped twice`, at };
    for (const line of shipment.lines) shipped.add(line);
    shipments.push(shipment);
  }
  if (shipments.length > (known.maxShipments ?? Infinity))
    return { kind: 'impossible', why: `${shipments.length} shipments, at most ${known.maxShipments}` };
  if (known.shipComplete === true && shipped.size > 0 && shipped.size < known.lines.length)
    return { kind: 'impossible', why: 'The order ships complete, but only a part is shipped' };
  const openBundles = new Set(known.lines.flatMap(({ bundle }, line) => (bundle !== undefined && !shipped.has(line) ? [bundle] : [])));
  const broken = known.lines.find(({ bundle }, line) => bundle !== undefined && shipped.has(line) && openBundles.has(bundle));
  if (broken !== undefined) return { kind: 'impossible', why: `The bundle ${JSON.stringify(broken.bundle)} is shipped in part` };
  return { kind: 'possible', shipments };
}

function readShipment(compiled: Compiled, order: number, given: Omit<PlanShipment, 'order'>): Shipment | string {
  const { problem } = compiled;
  const known = problem.orders[order]!;
  const node = compiled.nodeIndex.get(given.node);
  const service = compiled.serviceIndex.get(given.service);
  if (node === undefined) return `Unknown node ${JSON.stringify(given.node)}`;
  if (service === undefined) return `Unknown service ${JSON.stringify(given.service)}`;
  const lines = [...given.lines].sort((left, right) => left - right);
  if (lines.length === 0) return 'A shipment needs lines';
  const absent = lines.find((line) => known.lines[line] === undefined);
  if (absent !== undefined) return `There is no line ${absent}`;
  if (lines.some((line, at) => at > 0 && line === lines[at - 1])) return 'A line is shipped twice';
  const nothing = `${given.node} can ship nothing of this order: not eligible, no stock, or no lane to its zone`;
  const rules = compiled.orderRules.get(order);
  const way = orderAllows(rules, service) ? lanesTo(compiled, node, order).find((each) => each.service === service) : undefined;
  if (way === undefined)
    return sourceAt(compiled, order, node) === undefined ? nothing : `${given.service} is not offered from ${given.node} to this order`;
  const start = compiled.lineStart[order]!;
  let kg = 0;
  let litres = 0;
  let byLine = 0;
  for (const line of lines) {
    if (!canShip(compiled, order, node, start + line))
      return sourceAt(compiled, order, node) === undefined
        ? nothing
        : `Line ${line} cannot come from ${given.node}: not eligible, or not enough stock`;
    if (!lineAllows(rules, line, service)) return `Line ${line} may not travel by ${given.service}`;
    kg += compiled.lineKg[start + line]!;
    litres += compiled.lineLitres[start + line]!;
    byLine += costOfLine(compiled, order, node, way.day, start + line);
  }
  const price = shippingPrice(compiled.services[service]!, way.lane, kg, litres);
  if (price === Infinity) return `${kg} kg is more than ${given.service} takes`;
  const cost = price + (rules?.surcharge?.get(service) ?? 0) + byLine;
  const slot = compiled.slotOf[node * compiled.services.length + service]!;
  return { node, service, slot, lines: sharedLines(lines), cost, minutes: shipmentMinutes(compiled, order, node, lines) };
}
