import {
  CertificateError,
  compareBaselines,
  explainOrders,
  explainPlan,
  explainUnfilled,
  parsePlan,
  parseProblem,
  type Alternative,
  type Lack,
  type OrderExplanation,
  type PlanBinding,
  type PlanExplanation,
  type SourcingPlan,
  type SourcingProblem,
} from '@quartermaster/sourcing';
import { CommandError, exitCodes, type ExitCode } from '../exit.ts';
import { printJson, type Output } from '../output.ts';
import { readJson, refusing } from './solve.ts';

/** Most scarce limits and open lines that are told of a whole plan. */
const mostTold = 10;

/** `qm explain PROBLEM PLAN`: what a plan costs, what was scarce, what waits and why; or why one of its orders is served as it is. */
export function explainPlanCommand(
  given: { readonly problem: string; readonly plan: string; readonly order?: string; readonly json: boolean },
  output: Output,
): ExitCode {
  const problem = refusing(given.problem, () => parseProblem(readJson(given.problem)));
  const plan = refusing(given.plan, () => parsePlan(readJson(given.plan)));
  const { told, text } = fitting(given.plan, () =>
    given.order === undefined ? wholePlan(problem, plan) : oneOrder(problem, plan, given.order),
  );
  if (given.json) printJson(output, told);
  else output.out(text);
  return exitCodes.ok;
}

function fitting<Result>(path: string, explain: () => Result): Result {
  try {
    return explain();
  } catch (error) {
    if (!(error instanceof CertificateError)) throw error;
    throw new CommandError(exitCodes.no, `${path} does not fit the problem: ${error.message}`);
  }
}

function wholePlan(problem: SourcingProblem, plan: SourcingPlan): { told: object; text: string } {
  const explained = explainPlan(problem, plan);
  const rules = compareBaselines(problem, plan);
  const open = explainUnfilled(problem, plan);
  const lines = [
    ...costLines(problem, explained),
    ...rules.map(
      ({ name, cost, saved }) => `the rule ${name} costs ${cost.total.toFixed(2)}: the plan saves ${(100 * saved).toFixed(1)} % of it`,
    ),
    ...explained.binding.slice(0, mostTold).map((binding) => `scarce: ${bindingText(binding)}`),
    ...more(explained.binding.length, 'scarce limits'),
    ...open.slice(0, mostTold).map(({ words }) => words),
    ...more(open.length, 'lines that wait'),
  ];
  return { told: { ...explained, rules, open }, text: `${lines.join('\n')}\n` };
}

function more(count: number, what: string): string[] {
  return count > mostTold ? [`and ${count - mostTold} more ${what}`] : [];
}

function costLines({ currency }: SourcingProblem, { cost, bound, gap }: PlanExplanation): string[] {
  const { total, ...terms } = cost;
  const { total: whole, ...causes } = gap;
  return [
    `cost ${total.toFixed(2)} ${currency}: ${termsText(terms)}`,
    `no plan costs less than ${bound.toFixed(2)}; the ${whole.toFixed(2)} between are ${termsText({
      'orders that gave something up': causes.gaveUp,
      'orders too long to be sure of': causes.longOrders,
      'scarce units left over': causes.idle,
      labor: causes.labor,
    })}`,
  ];
}

function termsText(terms: Readonly<Record<string, number>>): string {
  const told = Object.entries(terms).filter(([, amount]) => Math.abs(amount) >= 0.005);
  return told.length === 0 ? 'nothing' : told.map(([name, amount]) => `${name} ${amount.toFixed(2)}`).join(', ');
}

function bindingText(binding: PlanBinding): string {
  const use = `${Number(binding.used.toFixed(1))} of ${Number(binding.limit.toFixed(1))} used`;
  const worth = binding.price.toFixed(2);
  switch (binding.kind) {
    case 'stock':
      return `${binding.sku} at ${binding.node}, ${use}, one more is worth ${worth}`;
    case 'reservation':
      return `${binding.sku} at ${binding.node} kept for ${binding.channel}, ${use}, one more is worth ${worth}`;
    case 'cap':
      return `${binding.service} shipments of ${binding.node}, ${use}, one more is worth ${worth}`;
    case 'labor':
      return `minutes of ${binding.node}, ${use}, one more is worth ${worth}`;
  }
}

function oneOrder(problem: SourcingProblem, plan: SourcingPlan, id: string): { told: object; text: string } {
  const [order] = explainOrders(problem, plan, [id]);
  if (order === undefined) throw new CommandError(exitCodes.no, `the problem has no order ${id}`);
  const open = explainUnfilled(problem, plan, [id]);
  const lines = [...chosenLines(problem, order), ...order.alternatives.map(alternativeText), ...open.map(({ words }) => words)];
  for (const passed of order.passedOver) if (!('dearerBy' in passed)) lines.push(`${passed.node}: ${passed.why}`);
  return { told: { ...order, open }, text: `${lines.join('\n')}\n` };
}

function chosenLines({ currency }: SourcingProblem, { shipments, atPrices, gaveUp }: OrderExplanation): string[] {
  const { total, stock, cap, ...own } = atPrices;
  return [
    ...shipments.map(
      ({ node, service, lines, deliveryDay }) => `ships from ${node} by ${service}, ${linesText(lines)}, arrives on day ${deliveryDay}`,
    ),
    `pays ${(total - stock - cap).toFixed(2)} ${currency}: ${termsText(own)}`,
    `takes from others what is worth ${(stock + cap).toFixed(2)}${gaveUp !== null && gaveUp >= 0.005 ? `, and gave up ${gaveUp.toFixed(2)} for them` : ''}`,
  ];
}

function linesText(lines: readonly number[]): string {
  return `line${lines.length === 1 ? '' : 's'} ${lines.map((line) => line + 1).join(', ')}`;
}

function alternativeText({ node, service, cost, dearerBy, lacks }: Alternative): string {
  const { total: _total, stock, cap, ...own } = cost;
  const way = dearerBy < 0 ? 'less' : 'more';
  const missing = lacks.length === 0 ? '' : `; missing: ${lacks.map(lackText).join(', ')}`;
  return `${node} by ${service}: ${Math.abs(dearerBy).toFixed(2)} ${way} (${termsText({ ...own, 'worth to others': stock + cap })})${missing}`;
}

function lackText(lack: Lack): string {
  switch (lack.kind) {
    case 'stock':
      return `${lack.sku} at ${lack.node}, held by ${lack.heldBy.join(', ')}`;
    case 'cap':
      return `${lack.service} shipments of ${lack.node}, taken by ${lack.heldBy.join(', ')}`;
    case 'labor':
      return `${lack.minutesMissing.toFixed(1)} minutes at ${lack.node}`;
  }
}
