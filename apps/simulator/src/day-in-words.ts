import { dayStartsAt, type Day, type Happening } from './day.ts';

/** A day as one would tell it. */
export function dayInWords(day: Day): string[] {
  const { replicas, shared, shops, carriers, stock, skewMs, searchLagMs, webhooks } = day;
  const units = stock.map(({ sku, node, units: count }) => `${count} ${sku} at ${node}`).join(', ');
  const clocks = skewMs.replicas.map((ms, index) => `replica ${index + 1} by ${ms} ms`).join(', ');
  return [
    `A day of seed ${day.seed}: ${replicas} ${replicas === 1 ? 'replica' : 'replicas'} on ${shared ? 'a shared journal' : 'a journal of its own'}, shops ${shops.join(' and ')}, labels from ${carriers.join(' and ')}.`,
    `There are ${units}. Clocks are off: ${clocks}. Shops show changes up to ${searchLagMs} ms late; of their webhooks ${percent(webhooks.lost)} are lost and ${percent(webhooks.twice)} come twice.`,
    ...day.happenings.map((each) => `${clockOf(each.at)} ${inWords(each)}`),
  ];
}

function clockOf(at: number): string {
  return new Date(Date.parse(dayStartsAt) + at).toISOString().slice(11, 19);
}

function percent(share: number): string {
  return `${Math.round(100 * share)} %`;
}

function seconds(ms: number): string {
  return `${Math.round(ms / 1_000)} s`;
}

function pointOf({ where, points }: { readonly where: string; readonly points: number }): string {
  return `${points + 1}. await point${where === '' ? '' : ` "${where}"`}`;
}

function inWords(each: Happening): string {
  switch (each.kind) {
    case 'order': {
      const lines = each.lines.map(({ sku, quantity, discount }) => `${quantity} ${sku}${discount === null ? '' : ` less ${discount}`}`);
      return `Order ${each.id}: somebody orders ${lines.join(', ')} at ${each.shop} (${each.payment.toLowerCase()}${each.risky ? ', risky' : ''}).`;
    }
    case 'shop-edit':
      return `In the shop somebody does "${each.edit}" with order ${each.order}.`;
    case 'odoo-edit':
      return `In Odoo somebody does "${each.edit}" with order ${each.order}.`;
    case 'receipt':
      return `${each.units} ${each.sku} arrive at ${each.node}.`;
    case 'operator':
      return `An operator does "${each.act}", about order ${each.order}.`;
    case 'fault':
      return `For ${seconds(each.forMs)}, ${percent(each.share)} of the calls to ${each.vendor} meet "${each.fault}".`;
    case 'crash':
      return `Replica ${each.replica} dies at its ${pointOf(each)} from now on, and is back after ${seconds(each.backMs)}.`;
    case 'stall':
      return `Replica ${each.replica} stands still at its ${pointOf(each)} from now on, for ${seconds(each.forMs)}.`;
    case 'partition':
      return `For ${seconds(each.forMs)} replica ${each.replica} is cut off from ${each.from === 'journal' ? 'the journal' : each.from}.`;
    case 'lost-commits':
      return `For ${seconds(each.forMs)} replica ${each.replica} does not hear of ${percent(each.share)} of its commits.`;
    case 'slow-disk':
      return `For ${seconds(each.forMs)} the journal takes up to ${seconds(each.diskMs)}.`;
    case 'deploy':
      return `Replica ${each.replica} is stopped and started anew.`;
  }
}
