import { z } from 'zod';
import { idRecord } from './id-record.ts';
import { contradictions, contradictionsOfOrder, type KnownIds } from './problem-rules.ts';

const id = z.string();

/** Larger numbers are mistakes: products and sums of those below stay finite. */
const largest = 1e15;
/** A weight limit of a parcel, or litres in a kilogram, below this is a mistake: they divide. */
const leastDivisor = 1e-6;

const amount = z.number().nonnegative().max(largest);
const divisor = z.number().min(leastDivisor).max(largest);
const count = z.int().nonnegative();
const ext = z.unknown().optional();

const sku = z.strictObject({ id, weightKg: amount, volumeL: amount, ext });

const laborTier = z.strictObject({ minutes: amount.nullable(), costPerMinute: amount });

const labor = z.strictObject({
  minutesPerShipment: amount,
  minutesPerLine: amount,
  minutesPerUnit: amount,
  tiers: z.array(laborTier).min(1),
});

const node = z.strictObject({
  id,
  kind: z.enum(['warehouse', '3pl', 'store']),
  zone: id,
  cutoffMinute: amount,
  dispatchDay: idRecord(count).optional(),
  services: z.array(id).optional(),
  stock: idRecord(count),
  reserved: idRecord(idRecord(count)).optional(),
  maxShipments: idRecord(count).optional(),
  labor,
  ext,
});

const band = z.strictObject({ upToKg: amount, amount });

const lane = z.strictObject({
  from: id,
  to: id,
  base: amount.optional(),
  perKg: amount.optional(),
  bands: z.array(band).min(1).optional(),
  transitDays: count,
});

const service = z.strictObject({
  id,
  litresPerKg: z.union([z.literal(0), divisor]).optional(),
  maxKg: amount.optional(),
  parcelMaxKg: divisor.optional(),
  lanes: z.array(lane),
  ext,
});

const line = z.strictObject({
  sku: id,
  units: z.int().positive(),
  unfilledCostPerUnit: amount,
  bundle: id.optional(),
  promiseDay: z.int().optional(),
  services: z.array(id).optional(),
  eligibleNodes: z.array(id).optional(),
  ext,
});

const order = z.strictObject({
  id,
  channel: id,
  zone: id,
  promiseDay: z.int(),
  lateCostPerDay: amount,
  splitCost: amount,
  maxShipments: z.int().positive().optional(),
  shipComplete: z.boolean().optional(),
  services: z.array(id).optional(),
  surcharge: idRecord(amount).optional(),
  eligibleNodes: z.array(id).optional(),
  lines: z.array(line).min(1),
  ext,
});

const problem = z.strictObject({
  format: z.literal('quartermaster/sourcing-problem@1'),
  name: z.string(),
  currency: z.string(),
  decisionMinute: amount,
  skus: z.array(sku),
  nodes: z.array(node),
  services: z.array(service),
  orders: z.array(order),
  ext,
});

/** A batch of open orders, the stock and labor of the nodes, and the carriers' lanes: `contracts/sourcing.md`, version 1. Weights kg, volumes litres, days relative to today. */
export type SourcingProblem = z.infer<typeof problem>;
export type ProblemSku = z.infer<typeof sku>;
export type ProblemNode = z.infer<typeof node>;
export type LaborTier = z.infer<typeof laborTier>;
export type ProblemService = z.infer<typeof service>;
export type Lane = z.infer<typeof lane>;
export type ProblemOrder = z.infer<typeof order>;
export type OrderLine = z.infer<typeof line>;

/** One refusal: where (`orders[3].lines[0].units`) and why. */
export interface InputIssue {
  readonly path: string;
  readonly message: string;
}

/** The problem cannot be read as a sourcing problem; every refusal is listed with the path of its field. */
export class SourcingInputError extends Error {
  readonly issues: readonly InputIssue[];

  constructor(issues: readonly InputIssue[]) {
    const first = issues[0];
    super(
      first === undefined
        ? 'The sourcing input is not valid.'
        : `${first.path}: ${first.message}${issues.length > 1 ? ` (and ${issues.length - 1} more)` : ''}`,
    );
    this.name = 'SourcingInputError';
    this.issues = issues;
  }
}

/** Problems that came out of `parseProblem`: `solve` need not read them again. */
const parsedProblems = new WeakSet<object>();

/**
 * Reads a sourcing problem, or refuses it with the path of each wrong field.
 *
 * Refused are unknown keys (except under `ext`), duplicate ids, unknown references, negative numbers, NaN and what is beyond 1e15, falling labor rates, orders without lines,
 * and lanes that have both or neither of the two price forms.
 *
 * @throws SourcingInputError with all refusals
 */
export function parseProblem(input: unknown): SourcingProblem {
  const parsed = problem.safeParse(input);
  if (!parsed.success) {
    throw new SourcingInputError(parsed.error.issues.flatMap(issuesOf));
  }
  const issues = contradictions(parsed.data);
  if (issues.length > 0) throw new SourcingInputError(issues.map((issue) => ({ path: pathText(issue.path), message: issue.message })));
  parsedProblems.add(parsed.data);
  return parsed.data;
}

/** The ids that a further order of the problem may refer to. */
export function knownIds(given: SourcingProblem): KnownIds {
  const ids = (items: readonly { readonly id: string }[]): Set<string> => new Set(items.map((item) => item.id));
  return { skus: ids(given.skus), nodes: ids(given.nodes), services: ids(given.services) };
}

/**
 * Reads one order beside a problem.
 *
 * @throws SourcingInputError with all refusals; paths start at the order
 */
export function parseOrder(input: unknown, ids: KnownIds): ProblemOrder {
  const parsed = order.safeParse(input);
  const issues = parsed.success ? contradictionsOfOrder(parsed.data, ids) : parsed.error.issues;
  if (!parsed.success || issues.length > 0)
    throw new SourcingInputError(issues.map((issue) => ({ path: pathText(issue.path), message: issue.message })));
  return parsed.data;
}

/** The problem itself where `parseProblem` made it, else what `parseProblem` reads from it. */
export function parsedOnce(input: SourcingProblem): SourcingProblem {
  return parsedProblems.has(input) ? input : parseProblem(input);
}

/** What zod found, told of the field that is wrong: an unknown key is one, not the object that has it. */
function issuesOf(issue: z.core.$ZodIssue): InputIssue[] {
  if (issue.code !== 'unrecognized_keys') return [{ path: pathText(issue.path), message: issue.message }];
  return issue.keys.map((key) => ({
    path: pathText([...issue.path, key]),
    message: 'Unknown field: what is not of the contract may stand under ext',
  }));
}

/** A field's path as people write it: `nodes[0].stock["a b"]`. */
export function pathText(path: readonly PropertyKey[]): string {
  let text = '';
  for (const step of path) {
    if (typeof step === 'number') text += `[${step}]`;
    else if (typeof step === 'string' && /^[A-Za-z_$][\w$]*$/.test(step)) text += text === '' ? step : `.${step}`;
    else text += `[${JSON.stringify(String(step))}]`;
  }
  return text === '' ? '(the whole input)' : text;
}
