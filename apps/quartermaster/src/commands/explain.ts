import { formatMoney, money } from '@quartermaster/domain';
import { explainOrder, whyAnswers, type OrderExplanation, type OverrideCost, type PolicyStamp } from '@quartermaster/flows';
import { installedSolver } from '../connect.ts';
import { CommandError, exitCodes, type ExitCode } from '../exit.ts';
import { printJson, type Output } from '../output.ts';
import { readJournal, type WhichJournal } from './journal-reading.ts';
import { orderNamed } from './why.ts';

/** `qm explain ORDER`: where it stands, what was chosen and why, what was passed over, what was done. */
export async function explainCommand(
  given: WhichJournal & { readonly order: string; readonly json: boolean },
  output: Output,
): Promise<ExitCode> {
  const journal = await readJournal(given);
  try {
    const key = await orderNamed(journal, given.order);
    const explained = await explainOrder(journal, key);
    if (explained === null) throw new CommandError(exitCodes.no, `the journal has no order ${given.order}`);
    const overrideCosts = explained.case.overrides.some(({ kind }) => kind !== 'check')
      ? await whyAnswers({ journal, solver: await installedSolver() }).overrideCosts(key)
      : [];
    if (given.json) printJson(output, { ...explained, overrideCosts });
    else output.out(explanationText(explained) + overrideCosts.map(overrideText).join(''));
    return exitCodes.ok;
  } finally {
    await journal.close();
  }
}

function holdLines({ code, reason, suggestion, until }: OrderExplanation['case']['holds'][number]): string[] {
  const ends = until === null ? '' : `, until ${until}`;
  return [`  held: ${code}: ${reason}${ends}`, ...(suggestion === null ? [] : [`    ${suggestion}`])];
}

function overrideText({ override, decision, costMinor, currency }: OverrideCost): string {
  return `the override ${override} cost ${decision} ${formatMoney(money(costMinor, currency))} in all\n`;
}

export function explanationText({ case: order, decisions, parcels, intents, history, exceptions }: OrderExplanation): string {
  const lines = [
    `${order.order.name} of ${order.scope.connection}: ${order.state}`,
    `  ${order.key}`,
    `  total ${formatMoney(order.order.total)}, placed ${order.order.placedAt}`,
  ];
  if (order.erp !== null) lines.push(`  in the ERP as ${order.erp.name}`);
  for (const hold of order.holds) lines.push(...holdLines(hold));
  for (const { by, code, why } of order.approvals) lines.push(`  ${by} approved that ${code} is released: ${why}`);
  lines.push(...moneyLines(order), ...returnLines(order));
  for (const each of exceptions.filter((exception) => exception.open))
    lines.push(
      `  exception for ${each.owner}: ${each.code}: ${each.reason}${each.policy === null ? '' : `, under the policy ${policyText(each.policy)}`}`,
    );
  for (const shipment of order.shipments) {
    const contents = shipment.lines.map((line) => `${line.units} × ${line.sku}`).join(', ');
    lines.push(
      '',
      `shipment ${shipment.id}: ${shipment.state}, from ${shipment.node} by ${shipment.carrier}/${shipment.service}, leaves ${shipment.dispatchDate}: ${contents}`,
    );
    lines.push(...packingLines(shipment));
    for (const { label } of shipment.labels) {
      lines.push(`  ${label.carrier} ${label.trackingNumber}, ${formatMoney(label.price)}`);
      lines.push(...parcels.filter((each) => each.trackingNumber === label.trackingNumber && !each.isWithdrawn).map(parcelLine));
    }
    const { currency, minorByTerm } = shipment.estimate;
    lines.push(
      `  expected: ${Object.entries(minorByTerm)
        .map(([term, minor]) => `${term} ${formatMoney(money(minor, currency))}`)
        .join(', ')}`,
    );
  }
  for (const { id, at, method, gap, policy, weighed, sourcing, costMinor, currency, unfilled, pools } of decisions) {
    lines.push('', `${id}, decided ${at} (${method}, gap of the wave ${(gap * 100).toFixed(2)} %)`);
    if (policy !== null) lines.push(`  under the policy ${policyText(policy)}`);
    if (weighed.priority !== null)
      lines.push(`  priority ${weighed.priority}: a late day costs ${weighed.lateCostPerDay.toFixed(2)} ${currency}`);
    if (weighed.split !== null) lines.push(`  divided by the rule ${weighed.split}`);
    for (const shipment of sourcing.shipments) {
      lines.push(
        `  chosen ${shipment.node} by ${shipment.service}: shipping ${shipment.shipping.toFixed(2)}, labor ${shipment.labor.toFixed(2)}, lateness ${shipment.lateness.toFixed(2)}`,
      );
    }
    const { total, ...terms } = costMinor;
    const told = Object.entries(terms).map(([term, minor]) => `${term} ${formatMoney(money(minor, currency))}`);
    lines.push(`  of the wave's cost ${formatMoney(money(total, currency))}: ${told.join(', ')}`);
    for (const { words } of unfilled) lines.push(`  ${words}`);
    for (const words of pools) lines.push(`  ${words}`);
    for (const binding of sourcing.binding) lines.push(`  scarce: ${bindingText(binding)}`);
    lines.push(...passedOverLines(sourcing));
  }
  lines.push('', 'what was done');
  for (const intent of intents)
    lines.push(
      `  ${intent.changedAt}  ${intent.kind}: ${intent.state}${intent.attempt > 1 ? `, attempt ${intent.attempt}` : ''}${intent.fault === null || intent.state === 'done' ? '' : `: ${intent.fault}`}`,
    );
  lines.push('', 'what happened');
  lines.push(...historyLines(history));
  return `${lines.join('\n')}\n`;
}

/** What happened, with the policy where it is another than before. */
function historyLines(history: OrderExplanation['history']): string[] {
  return history.flatMap(({ at, event, reasons, policy }, index) => {
    const before = history[index - 1]?.policy?.hash;
    return [
      ...(policy === null || policy.hash === before ? [] : [`  under the policy ${policyText(policy)}`]),
      `  ${at}  ${event}${reasons.length === 0 ? '' : `: ${reasons.join('; ')}`}`,
    ];
  });
}

/** A policy as people tell it from others: its name, and the beginning of its hash. */
export function policyText({ name, hash }: PolicyStamp): string {
  return `${name}, ${hash.slice(0, 12)}`;
}

/** In which boxes a shipment is, or why it is not in boxes; nothing where nobody asked for boxes. */
function packingLines({ packing, parcels }: OrderExplanation['case']['shipments'][number]): string[] {
  if (packing === undefined) return [];
  if (packing.by === 'weight') return [`  packed by weight: ${packing.why}`];
  const boxes = parcels.map(({ packaging, millimetres, grams }) => {
    const sides = millimetres === null ? '' : `${millimetres.join(' x ')} mm, `;
    return `${packaging?.box ?? 'no box of ours'} (${sides}${(grams / 1_000).toFixed(3)} kg)`;
  });
  return [
    `  packed in ${boxes.join(', ')}${packing.by === 'person' ? `, by ${packing.who}: ${packing.why}` : "; 'qm packing' shows where each unit lies"}`,
  ];
}

function parcelLine({ state, reason, since, heardAt, dueOn, promisedOn }: OrderExplanation['parcels'][number]): string {
  const where = state === 'unknown' ? 'the carrier has told nothing yet' : `${state}${since === null ? '' : ` since ${since}`}`;
  const why = reason === null ? '' : ` (${reason})`;
  const heard = heardAt === null || heardAt === since ? '' : `, last heard of ${heardAt}`;
  const due = state === 'delivered' || dueOn === null ? '' : `, expected ${dueOn}`;
  return `    ${where}${why}${heard}${due}${promisedOn === null ? '' : `, promised for ${promisedOn}`}`;
}

/** What was taken, cancelled and given back by way of the channel. */
function moneyLines({ acknowledgement, capture, cancellations, refunds }: OrderExplanation['case']): string[] {
  return [
    ...(acknowledgement === 'none' ? [] : [`  taken on in the channel: ${acknowledgement}`]),
    ...(capture === null
      ? []
      : [`  authorized money: ${formatMoney(capture.amount)}, ${capture.state === 'done' ? 'taken' : 'asked for'}`]),
    ...cancellations.map(({ id, lines, reason, state }) => {
      const what = lines === null ? 'all that had not left' : lines.map(({ lineId, units }) => `${units} of line ${lineId}`).join(', ');
      return `  cancellation ${id} (${reason}): ${what}, in the channel ${state}`;
    }),
    ...refunds.map(({ id, amount, reason, state }) => `  refund ${id} (${reason}): ${formatMoney(amount)}, ${state}`),
  ];
}

function returnLines({ returns }: OrderExplanation['case']): string[] {
  return returns.map(({ id, state, updatedAt, lines, refunded, trackingNumbers }) => {
    const what = lines.map(
      ({ units, sku, lineId, reason }) => `${units} × ${sku ?? lineId ?? 'a line'}${reason === null ? '' : ` (${reason})`}`,
    );
    const back = refunded === null ? '' : `, ${formatMoney(refunded)} given back`;
    const tracking = trackingNumbers.length === 0 ? '' : `, ${trackingNumbers.join(', ')}`;
    return `  return ${id}: ${state} since ${updatedAt}: ${what.join(', ')}${back}${tracking}`;
  });
}

/** Each node that ships nothing of the order, in words. What a way costs at shadow prices is no bill: only a wave that is decided again says that. */
function passedOverLines({ passedOver, alternatives }: OrderExplanation['decisions'][number]['sourcing']): string[] {
  const lines = passedOver.map((passed) => {
    const why = `  passed over ${passed.node}: ${passed.why.replaceAll('-', ' ')}`;
    const best = alternatives.find(({ node }) => node === passed.node);
    if (best === undefined || !('dearerBy' in passed) || passed.dearerBy === null) return why;
    const amount = `${Math.abs(passed.dearerBy).toFixed(2)} ${passed.dearerBy < 0 ? 'cheaper' : 'dearer'}`;
    return `  passed over ${passed.node}: at best ${amount} at shadow prices (${best.shipments.map(({ node, service }) => `${node} by ${service}`).join(' and ')})`;
  });
  if (!passedOver.some((passed) => 'dearerBy' in passed)) return lines;
  const meaning = 'shadow prices count what the order would take from others; with as much from a node as it can ship';
  return [...lines, `  (${meaning}, 'qm why-not ORDER NODE' decides the wave again and says what all would pay)`];
}

type Binding = OrderExplanation['decisions'][number]['sourcing']['binding'][number];

function bindingText(binding: Binding): string {
  switch (binding.kind) {
    case 'stock':
      return `${binding.sku} at ${binding.node}, a unit more is worth ${binding.pricePerUnit.toFixed(2)}`;
    case 'labor':
      return `labor at ${binding.node}, a minute more is worth ${binding.pricePerMinute.toFixed(2)}`;
    case 'cap':
      return `${binding.service} at ${binding.node}, a shipment more is worth ${binding.pricePerShipment.toFixed(2)}`;
  }
}
