import type { ChannelOrder, ConnectionId, Sku } from '@quartermaster/domain';
import { fitsSku, hasTag, isMeant, physicalLines, type OrderCondition } from '@quartermaster/fulfilment';
import type { FlowSettings } from '../settings.ts';
import { serviceId } from '../waves/sourcing-problem.ts';
import { eligibleNodes } from './allocation.ts';

/** `error`: it says what cannot be meant, and is not applied. `warning`: it may be meant, and a person should look. */
export type LintLevel = 'error' | 'warning';
export type LintFinding = { readonly level: LintLevel; readonly field: string; readonly message: string };

/** What is known beside the policy: recorded orders, and the products of the ERP. Null: nothing is known, and nothing is said of it. */
export type LintKnowledge = {
  readonly orders: readonly { readonly channel: ConnectionId; readonly order: ChannelOrder }[] | null;
  readonly skus: readonly Sku[] | null;
};

/**
 * What is wrong with a policy in its place: names that there are not, rules that match nothing which is known, that an earlier rule leaves nothing to, or that contradict each other. Each with the path of
 * its field. Pure.
 */
export function lintPolicy(settings: FlowSettings, known: LintKnowledge): LintFinding[] {
  return [
    ...unknownNames(settings),
    ...tagFindings(settings, known),
    ...ruleLists(settings).flatMap(([field, rules, firstWins]) => [
      ...repeatedNames(field, rules),
      ...rules.flatMap((rule, index) => matchesNothing(settings, known, `${field}[${index}].if`, rule.if)),
      ...(firstWins ? shadowed(field, rules) : []),
    ]),
    ...contradictions(settings, known),
    ...thresholds(settings),
  ];
}

type Rule = { readonly name: string; readonly if: OrderCondition; readonly promisedWithinDays?: number | undefined };

/** Every list of rules with conditions, and whether the first that fits is the only one that counts. */
function ruleLists({ priorities, splits, eligibility, commit }: FlowSettings): (readonly [string, readonly Rule[], boolean])[] {
  return [
    ['commit.rules', commit.rules, true],
    ['priorities', priorities, true],
    ['splits', splits, true],
    ['eligibility', eligibility, false],
  ];
}

/** Names of nodes, channels, services and kinds of products that there are not. */
function unknownNames(settings: FlowSettings): LintFinding[] {
  const nodes = new Set(settings.nodes.map(({ id }) => id));
  const channels = new Set(settings.channels.map(({ connection }) => connection));
  const carriers = new Set(settings.carriers.map(({ connection }) => connection));
  const services = new Set(settings.carriers.flatMap((carrier) => carrier.tariff.services.map(({ id }) => serviceId(carrier, id))));
  const unknown = (what: string, field: string, names: readonly string[] | undefined, known: ReadonlySet<string>) =>
    (names ?? []).flatMap((name, index) =>
      known.has(name) ? [] : [error(`${field}[${index}]`, `there is no ${what} ${name}; there are ${[...known].join(', ')}`)],
    );
  const kinds = new Set(Object.keys(settings.skuTags));
  const notifiers = new Set(settings.notifiers.map(({ connection }) => connection));
  const { exceptions, escalations, approvals, freezes } = settings.notifications;
  const told = Object.entries({
    ...Object.fromEntries(Object.entries(exceptions).map(([code, names]) => [`exceptions.${code}`, names])),
    ...Object.fromEntries(Object.entries(escalations).map(([to, names]) => [`escalations.${to}`, names])),
    approvals,
    freezes,
  });
  return [
    ...told.flatMap(([field, names]) => unknown('notifier', `notifications.${field}`, names, notifiers)),
    ...ruleLists(settings).flatMap(([field, rules]) =>
      rules.flatMap((rule, index) => [
        ...unknown('channel', `${field}[${index}].if.channels`, rule.if.channels, channels),
        ...unknown('kind of product', `${field}[${index}].if.tags`, rule.if.tags, kinds),
      ]),
    ),
    ...settings.eligibility.flatMap((rule, index) => [
      ...unknown('node', `eligibility[${index}].allow`, rule.allow, nodes),
      ...unknown('node', `eligibility[${index}].forbid`, rule.forbid, nodes),
    ]),
    ...settings.checks.restricted.flatMap((rule, index) =>
      unknown('kind of product', `checks.restricted[${index}].tags`, rule.tags, kinds),
    ),
    ...unknown('channel', 'checks.capturedFirst', settings.checks.capturedFirst, channels),
    ...unknown('carrier', 'checks.carrierAddresses.askedOf', settings.checks.carrierAddresses.askedOf, carriers),
    ...settings.safetyStock.rules.flatMap(({ node }, index) =>
      node === undefined
        ? []
        : unknown('node', `safetyStock.rules[${index}].node`, [node], nodes).map((found) => ({
            ...found,
            field: `safetyStock.rules[${index}].node`,
          })),
    ),
    ...Object.entries(settings.sourcing.servicesFor).flatMap(([asked, names]) =>
      unknown('service', `sourcing.servicesFor.${asked}`, names, services),
    ),
  ];
}

/** Patterns that fit no product which is known, and rules whose products are not there. */
function tagFindings(settings: FlowSettings, { skus }: LintKnowledge): LintFinding[] {
  if (skus === null) return [];
  const fits = (field: string, patterns: readonly string[] | undefined) =>
    (patterns ?? []).flatMap((pattern, index) =>
      skus.some((sku) => fitsSku([pattern], sku)) ? [] : [warning(`${field}[${index}]`, `${pattern} fits no known SKU`)],
    );
  return [
    ...Object.entries(settings.skuTags).flatMap(([tag, patterns]) => fits(`skuTags.${tag}`, patterns)),
    ...settings.checks.restricted.flatMap((rule, index) => fits(`checks.restricted[${index}].skus`, rule.skus)),
    ...ruleLists(settings).flatMap(([field, rules]) => rules.flatMap((rule, index) => fits(`${field}[${index}].if.skus`, rule.if.skus))),
    ...settings.safetyStock.rules.flatMap(({ sku }, index) =>
      sku === undefined || skus.includes(sku) ? [] : [warning(`safetyStock.rules[${index}].sku`, `there is no known SKU ${sku}`)],
    ),
  ];
}

function matchesNothing({ skuTags }: FlowSettings, { orders }: LintKnowledge, field: string, condition: OrderCondition): LintFinding[] {
  if (orders === null || orders.length === 0 || Object.keys(condition).length === 0) return [];
  if (orders.some((given) => isMeant(condition, { ...given, tags: skuTags }))) return [];
  return [warning(field, `matches none of ${orders.length} recorded orders`)];
}

/** A rule to which an earlier one leaves nothing: whatever it means, that one means as well. */
function shadowed(field: string, rules: readonly Rule[]): LintFinding[] {
  return rules.flatMap((rule, index) => {
    const by = rules.slice(0, index).find((earlier) => covers(earlier, rule));
    return by === undefined
      ? []
      : [error(`${field}[${index}]`, `"${rule.name}" is never reached: "${by.name}" before it takes every order that it means`)];
  });
}

function covers(wide: Rule, narrow: Rule): boolean {
  const lists = ['channels', 'classes', 'countries', 'services', 'tags'] as const;
  const [days, fewer] = [wide.promisedWithinDays, narrow.promisedWithinDays];
  return (
    lists.every((name) => isWider(wide.if[name], narrow.if[name])) &&
    (wide.if.skus === undefined || narrow.if.skus?.every((pattern) => fitsSku(wide.if.skus ?? [], pattern.replace(/\*$/, ''))) === true) &&
    isLower(wide.if.totalFrom, narrow.if.totalFrom) &&
    (days === undefined || (fewer !== undefined && fewer <= days))
  );
}

function isWider(wide: readonly string[] | undefined, narrow: readonly string[] | undefined): boolean {
  return wide === undefined || narrow?.every((each) => wide.includes(each)) === true;
}

function isLower(wide: Readonly<Record<string, string>> | undefined, narrow: Readonly<Record<string, string>> | undefined): boolean {
  if (wide === undefined) return true;
  if (narrow === undefined) return false;
  return Object.entries(narrow).every(([currency, amount]) => Number(wide[currency] ?? Infinity) <= Number(amount));
}

/** Orders that the rules together leave no node, and rules that take back what they allow. */
function contradictions(settings: FlowSettings, { orders, skus }: LintKnowledge): LintFinding[] {
  const alone = settings.eligibility.flatMap(({ allow, forbid, name }, index) =>
    allow !== undefined && allow.every((node) => forbid?.includes(node) === true)
      ? [error(`eligibility[${index}]`, `"${name}" forbids every node that it allows`)]
      : [],
  );
  const stranded = (orders ?? []).filter((given) => {
    const nodes = [null, ...physicalLines(given.order).flatMap(({ sku }) => sku ?? [])].map((sku) => eligibleNodes(settings, given, sku));
    const whole = nodes[0] ?? null;
    return nodes.some((each) => each !== null && (whole === null ? each : each.filter((id) => whole.includes(id))).length === 0);
  });
  const none =
    stranded.length === 0 || alone.length > 0
      ? []
      : [
          error(
            'eligibility',
            `the rules together leave no node to ${stranded.length} of ${orders?.length ?? 0} recorded orders, such as ${stranded[0]?.order.name ?? ''}`,
          ),
        ];
  const empty = settings.checks.restricted.flatMap(({ to, exceptTo, name }, index) =>
    to !== undefined && to.every((country) => exceptTo?.includes(country) === true)
      ? [error(`checks.restricted[${index}]`, `"${name}" excepts every country that it names`)]
      : [],
  );
  const untagged =
    (skus ?? []).length === 0
      ? []
      : settings.checks.restricted.flatMap(({ tags, skus: own, name }, index) =>
          own === undefined && tags !== undefined && !(skus ?? []).some((sku) => hasTag(settings.skuTags, tags, sku))
            ? [warning(`checks.restricted[${index}].tags`, `"${name}" is about no known SKU`)]
            : [],
        );
  return [...alone, ...none, ...empty, ...untagged];
}

function repeatedNames(field: string, rules: readonly Rule[]): LintFinding[] {
  return rules.flatMap((rule, index) =>
    rules.findIndex(({ name }) => name === rule.name) === index
      ? []
      : [error(`${field}[${index}].name`, `"${rule.name}" is the name of an earlier rule`)],
  );
}

/** Amounts in currencies of which no order comes are not looked at; in the company's own, a limit that another one makes pointless is. */
function thresholds({ checks, currency }: FlowSettings): LintFinding[] {
  const [review, fraud] = [checks.reviewAbove[currency], checks.fraud.valueAbove[currency]];
  if (review === undefined || fraud === undefined || Number(review) > Number(fraud)) return [];
  return [warning(`checks.fraud.valueAbove.${currency}`, `every order above ${fraud} waits for a person already, above ${review}`)];
}

function error(field: string, message: string): LintFinding {
  return { level: 'error', field, message };
}

function warning(field: string, message: string): LintFinding {
  return { level: 'warning', field, message };
}
