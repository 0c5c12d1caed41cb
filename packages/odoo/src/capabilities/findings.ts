import type { NodeId } from '@quartermaster/domain';
import { isInUse } from '../erp/used-fields.ts';
import type { Capabilities, WarehouseFacts } from './read-capabilities.ts';
import { dataFindings } from './data-findings.ts';
import type { Finding } from './finding.ts';

/** What was read of a database. */
export type CapabilityFacts = Omit<Capabilities, 'findings'>;

/** What it is to be used for. */
export type Purpose = {
  /** Codes of the warehouses that are nodes; null for those that are set up. */
  readonly nodes: readonly NodeId[] | null;
  /** Whether there is a place and a route for lines that wait to be sourced. */
  readonly toBeSourced: boolean;
};

/** Digits that small products need: Odoo rounds weights to 10 grams and volumes to 10 litres unless it is told otherwise. */
export const wantedDigits: Readonly<Record<string, number>> = { 'Stock Weight': 3, Volume: 6 };

/** What stands in the way, what will surprise people and what is worth knowing, the worst first. */
export function findingsOf(facts: CapabilityFacts, purpose: Purpose): readonly Finding[] {
  const found = [
    ...driftFindings(facts),
    ...rightFindings(facts),
    ...layoutFindings(facts, purpose),
    ...serviceFindings(facts),
    ...digitFindings(facts),
    ...userFindings(facts),
    ...behaviourFindings(facts, purpose),
    ...stockFindings(facts),
    ...moduleFindings(facts),
    ...batchFindings(facts),
    ...(facts.data === null ? [] : dataFindings(facts.data)),
    ...unknowns(facts),
  ];
  return (['blocks', 'warns', 'tells'] as const).flatMap((severity) => found.filter((each) => each.severity === severity));
}

function driftFindings({ drift, version }: CapabilityFacts): Finding[] {
  if (drift === null) {
    const what = `Quartermaster has no types of Odoo ${version} to compare with, so nobody checked that it has the fields that the connector uses`;
    return [finding('version-unknown', 'warns', what, 'use Odoo 17, 18 or 19, or name a lock of your own (`odoo.lock`)')];
  }
  // An app that is not installed is no drift: what needs it says so itself.
  return drift.flatMap(({ kind, severity, what, model, field }) => {
    if (kind === 'not-installed') return [];
    if (severity === 'tells') return finding('drift', 'tells', `The schema drifted: ${what}`, '');
    return isInUse(model, field)
      ? finding(
          'drift',
          'blocks',
          `The schema drifted: ${what}`,
          'undo the change in Odoo, or take a version of Quartermaster that knows it',
        )
      : finding('drift', 'warns', `The schema drifted: ${what}`, 'correct what uses it, and generate the types anew');
  });
}

function rightFindings({ rights, user }: CapabilityFacts): Finding[] {
  return rights
    .filter(({ installed, missing }) => installed && missing.length > 0)
    .map(({ activity, daily, missing }) => {
      const what = missing.map(({ model, operation }) => `${operation} ${model}`).join(', ');
      const wanted = [...new Set(missing.map(({ right }) => `"${right}"`))].join(' and ');
      const sentence = `User ${user.login} may not ${what}, which ${activity} need`;
      return finding(
        'right-missing',
        daily ? 'blocks' : 'tells',
        sentence,
        `give it the right ${wanted}${daily ? '' : ` if it shall do ${activity}`}`,
      );
    });
}

const setUp = 'run the set-up as a user who may change warehouses and routes';

function layoutFindings({ company, warehouses, trackingNumbers }: CapabilityFacts, { nodes, toBeSourced }: Purpose): Finding[] {
  const app = trackingNumbers
    ? []
    : [finding('app-missing', 'blocks', 'Deliveries cannot hold tracking numbers', 'install the app "Delivery Costs"')];
  if (warehouses.length === 0) {
    return [
      finding('warehouse-missing', 'blocks', `Company ${company.name} has no warehouse`, 'create one, or name another company'),
      ...app,
    ];
  }
  const ofNodes = (nodes ?? []).flatMap((code) => {
    const warehouse = warehouses.find((each) => each.code === code);
    if (warehouse === undefined)
      return [finding('warehouse-missing', 'blocks', `Company ${company.name} has no warehouse with the code ${code}`, setUp)];
    return warehouse.hasRoute
      ? []
      : [
          finding(
            'route-missing',
            'blocks',
            `Warehouse ${code} has no route of Quartermaster, so no order line can be sent from it`,
            setUp,
          ),
        ];
  });
  const none =
    nodes === null && !warehouses.some((each) => each.hasRoute)
      ? [finding('route-missing', 'blocks', 'No warehouse has a route of Quartermaster, so no order line can be sent', setUp)]
      : [];
  const waiting = toBeSourced
    ? []
    : [finding('route-missing', 'blocks', 'There is no place and route for order lines that wait to be sourced', setUp)];
  return [...ofNodes, ...none, ...waiting, ...app];
}

function serviceFindings({ missingServices }: CapabilityFacts): Finding[] {
  return missingServices.map((sku) =>
    finding('service-missing', 'blocks', `There is no product ${sku}, or there are several`, 'run the set-up'),
  );
}

function digitFindings({ digits }: CapabilityFacts): Finding[] {
  return Object.entries(wantedDigits).flatMap(([name, wanted]) => {
    const kept = digits?.[name];
    if (kept === undefined || kept >= wanted) return [];
    const what = `Odoo keeps "${name}" to ${kept} digits only, so small products weigh or measure nothing`;
    return [finding('digits-too-few', 'blocks', what, `run the set-up, or set ${wanted} digits`)];
  });
}

function userFindings({ user, version, companies, company }: CapabilityFacts): Finding[] {
  const several =
    companies !== null && companies > 1
      ? [
          finding(
            'several-companies',
            'tells',
            `User ${user.login} may work in ${companies} companies, and the connector works in ${company.name} alone`,
            'name another one by `companyId`, or give each company a connection of its own',
          ),
        ]
      : [];
  if (user.email !== null || version >= 19) return several;
  const what = `User ${user.login} has no email address, without which Odoo ${version} refuses to write confirmed orders`;
  return [finding('email-missing', 'blocks', what, 'give it one'), ...several];
}

/** Settings under which Odoo does something of its own to our deliveries. */
function behaviourFindings({ warehouses, textMessages, features }: CapabilityFacts, { nodes }: Purpose): Finding[] {
  const used = warehouses.filter(({ code, hasRoute }) => (nodes === null ? hasRoute : nodes.includes(code)));
  const messages = textMessages
    ? [finding('text-messages', 'tells', 'Odoo sends customers a text message when a delivery is done; the connector leaves them out', '')]
    : [];
  const location =
    features.multiLocation === false
      ? [
          finding(
            'single-location',
            'tells',
            'Storage locations are switched off, so goods on hold or returned have no place of their own',
            'switch on "Storage Locations" in the settings of Inventory',
          ),
        ]
      : [];
  return [...used.flatMap(warehouseFindings), ...messages, ...location];
}

function warehouseFindings({ code, autoBatch, deliverySteps, reservation }: WarehouseFacts): Finding[] {
  const found: Finding[] = [];
  if (autoBatch) {
    const what = `Odoo puts deliveries of warehouse ${code} into batches by itself, after which they are not to be sourced anew`;
    found.push(
      finding('auto-batch', 'warns', what, 'switch off "Automatic Batches" of its operation type for deliveries, or run the set-up'),
    );
  }
  if (deliverySteps !== null && deliverySteps !== 'ship_only') {
    const what = `Warehouse ${code} delivers in several steps (${deliverySteps}), but lines that the connector sends by its own route leave in one`;
    found.push(finding('delivery-steps', 'warns', what, 'deliver in one step, or see to it that people pick from the delivery itself'));
  }
  if (reservation !== null && reservation !== 'at_confirm') {
    const what = `Warehouse ${code} sets goods aside ${reservation === 'manual' ? 'only when told' : 'some days before the date'}`;
    found.push(
      finding('reservation-method', 'warns', what, 'set "Reservation Method" of its operation type for deliveries to "At Confirmation"'),
    );
  }
  return found;
}

function stockFindings({ negativeQuants, overReserved }: CapabilityFacts): Finding[] {
  const negative =
    negativeQuants !== null && negativeQuants > 0
      ? [finding('negative-stock', 'warns', `Stock is below zero in ${negativeQuants} rows`, 'count these products at these places')]
      : [];
  const over =
    overReserved !== null && overReserved.length > 0
      ? [
          finding(
            'over-reserved',
            'warns',
            `More is set aside than there is of ${overReserved.length} products at their places, because orders were confirmed at the same time`,
            'unreserve one of their deliveries each; let nobody else confirm orders in big numbers while the daemon does',
          ),
        ]
      : [];
  return [...negative, ...over];
}

/** Modules of others that take over when deliveries are released. */
const releaseModules = [
  'stock_available_to_promise_release',
  'sale_stock_available_to_promise_release',
  'stock_available_to_promise_release_block',
  'stock_release_channel',
  'stock_release_channel_shipment_lead_time',
  'sale_stock_release_channel',
];

function moduleFindings({ modules }: CapabilityFacts): Finding[] {
  const there = releaseModules.filter((name) => modules?.has(name) === true);
  if (there.length === 0) return [];
  const what = `The release of deliveries is another module's here (${there.join(', ')}), so confirmed orders may have no reserved delivery until it releases them`;
  return [
    finding(
      'release-module',
      'warns',
      what,
      'let one of the two release: switch it off for the routes of Quartermaster, or keep their orders in `observe`',
    ),
  ];
}

function batchFindings({ batches }: CapabilityFacts): Finding[] {
  if (batches) return [];
  const what = 'This Odoo has no batches, so waves are released without them';
  return [
    finding('app-missing', 'tells', what, 'install the app "Batch Transfers" if waves shall appear as batches (`release.batches: erp`)'),
  ];
}

function unknowns({ modules, digits, companies, features, negativeQuants, overReserved }: CapabilityFacts): Finding[] {
  const questions: readonly (readonly [boolean, string])[] = [
    [modules === null, 'which modules are installed'],
    [digits === null, 'to how many digits weights and volumes are kept'],
    [companies === null, 'in how many companies the user may work'],
    [Object.values(features).includes(null), 'which features of Inventory are switched on'],
    [negativeQuants === null || overReserved === null, 'whether stock is below zero or reserved twice'],
  ];
  return questions
    .filter(([unknown]) => unknown)
    .map(([, what]) => finding('cannot-tell', 'tells', `This user may not see ${what}`, 'look there as an administrator'));
}

function finding(code: Finding['code'], severity: Finding['severity'], what: string, todo: string): Finding {
  return { code, severity, what, todo };
}
