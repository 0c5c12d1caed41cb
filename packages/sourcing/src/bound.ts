import { CertificateError } from './certify.ts';
import { stockRow, type Compiled, type Numbers } from './compile.ts';
import { ownValue } from './id-record.ts';
import type { Certificate } from './plan.ts';
import { orderBound, type Pricer } from './pricer.ts';
import { startPrices, withCuts, type Prices, type RoundingCut } from './prices.ts';

/**
 * The Lagrangian lower bound of the prices: no feasible plan costs less.
 *
 * Sum over orders of the cheapest plan at the prices, less the value of all stock, reservations, caps and rounding cuts at the prices, less for each node
 * the most that selling minutes at the minute price could earn over their true cost.
 */
export function lagrangianBound(given: Pricer<Numbers>, prices: Prices): number {
  const value = resourceValue(given.compiled, prices);
  if (value === Infinity) return -Infinity;
  let cost = 0;
  for (let order = 0; order < given.compiled.orderCount; order++) cost += orderBound(given, order, prices);
  return cost - value;
}

/** What all limited resources are worth at the prices. */
export function resourceValue(compiled: Numbers, prices: Prices): number {
  let value = 0;
  for (let row = 0; row < prices.stock.length; row++) value += prices.stock[row]! * compiled.stock[row]!;
  for (const [index, pool] of compiled.pools.entries()) {
    value += Math.min(prices.pool[index]!, prices.stock[stockRow(compiled, pool.node, pool.sku)]!) * pool.units;
  }
  for (let node = 0; node < compiled.nodeCount; node++) value += laborProfit(compiled, node, prices.labor[node]!);
  for (const [index, slot] of compiled.slots.entries()) value += prices.slot[index]! * slot.limit;
  const { first, num, den } = prices.cuts;
  for (let row = 0; row < prices.hasCuts.length; row++) {
    if (prices.hasCuts[row] !== 1) continue;
    for (let place = first[row]!; place < first[row + 1]!; place++)
      value += cutLimit(compiled, { row, num: num[place]!, den: den[place]! }) * prices.cut[place]!;
  }
  return value;
}

/** Right side of a rounding cut. */
export function cutLimit(compiled: Numbers, cut: Pick<RoundingCut, 'row' | 'num' | 'den'>): number {
  return Math.floor((compiled.stockWithReserved[cut.row]! * cut.num) / cut.den);
}

/** Largest surplus of minutes sold at `price` over their cost through the tiers; Infinity where the price is above an unlimited last tier. */
export function laborProfit(compiled: Numbers, node: number, price: number): number {
  let profit = 0;
  for (const tier of compiled.labor[node]!.tiers) {
    if (price <= tier.costPerMinute) break;
    if (tier.minutes === null) {
      if (price > tier.costPerMinute * (1 + 1e-12)) return Infinity;
    } else profit += tier.minutes * (price - tier.costPerMinute);
  }
  return profit;
}

/**
 * A certificate by indexes; `idleValue` is what stock of SKUs that no order asks for is worth at its prices.
 *
 * @throws CertificateError where a price is not admissible
 */
export function readCertificate(compiled: Compiled, certificate: Certificate): { prices: Prices; idleValue: number } {
  const { problem, skuIndex } = compiled;
  const prices = startPrices(compiled);
  let idleValue = 0;
  for (const [node, given] of problem.nodes.entries()) {
    prices.labor[node] = ownValue(certificate.laborPrices, given.id) ?? 0;
    const stockPrices = ownValue(certificate.stockPrices, given.id);
    for (const [id, price] of Object.entries(stockPrices ?? {})) {
      const sku = skuIndex.get(id);
      if (sku === undefined) idleValue += price * (ownValue(given.stock, id) ?? 0);
      else prices.stock[stockRow(compiled, node, sku)] = price;
    }
    const reservedPrices = ownValue(certificate.reservedPrices, given.id);
    for (const [channel, units] of Object.entries(given.reserved ?? {})) {
      for (const [id, reserved] of Object.entries(units)) {
        const shared = ownValue(stockPrices, id) ?? 0;
        const price = ownValue(ownValue(reservedPrices, channel), id) ?? shared;
        if (price > shared + 1e-12)
          throw new CertificateError(`certificate: a reserved unit of ${given.id}/${channel}/${id} costs more than a shared one`);
        const sku = skuIndex.get(id);
        if (sku === undefined) idleValue += price * reserved;
        else prices.pool[compiled.poolRows[compiled.channelIndex.get(channel)!]![stockRow(compiled, node, sku)]!] = price;
      }
    }
    const shipmentPrices = ownValue(certificate.shipmentPrices, given.id);
    for (const [index, slot] of compiled.slots.entries()) {
      if (slot.node === node) prices.slot[index] = ownValue(shipmentPrices, problem.services[slot.service]!.id) ?? 0;
    }
  }
  const cuts: RoundingCut[] = [];
  for (const { node: nodeId, sku: skuId, num, den, price } of certificate.roundingCuts ?? []) {
    const node = compiled.nodeIndex.get(nodeId);
    if (node === undefined) throw new CertificateError(`certificate: rounding cut at the unknown node ${nodeId}`);
    const sku = skuIndex.get(skuId);
    if (sku === undefined) {
      const given = problem.nodes[node]!;
      let stock = ownValue(given.stock, skuId) ?? 0;
      for (const units of Object.values(given.reserved ?? {})) stock += ownValue(units, skuId) ?? 0;
      idleValue += Math.floor((stock * num) / den) * price;
    } else {
      cuts.push({ row: stockRow(compiled, node, sku), num, den, price });
    }
  }
  const aboveFloor = compiled.labor.every(({ tiers }, node) => prices.labor[node]! >= tiers[0]!.costPerMinute);
  return { prices: { ...prices, ...withCuts(compiled.stock.length, cuts), aboveFloor }, idleValue };
}
