import type { NodeId } from '@quartermaster/domain';
import { z } from 'zod';
import type { Session } from '../session/session.ts';
import { lockToCompare } from '../erp/drift-guard.ts';
import { readProductIds } from '../erp/products.ts';
import { serviceSkus } from '../erp/service-products.ts';
import type { Comparable, Drift } from '../typegen/drift.ts';
import { readDrift, readInstalledModules } from '../typegen/read-drift.ts';
import type { DataFacts } from './data-findings.ts';
import type { Finding } from './finding.ts';
import { findingsOf } from './findings.ts';
import { ifReadable } from './if-readable.ts';
import { readData } from './read-data.ts';
import { readRights, type ActivityRights } from './rights.ts';
import { readOverReserved, type OverReserved } from './over-reserved.ts';

/** What a database offers and allows, as far as this user may see it: null is "cannot tell". */
export type Capabilities = {
  readonly version: number;
  readonly transport: string;
  readonly user: { readonly login: string; readonly email: string | null };
  readonly edition: 'community' | 'enterprise' | null;
  /** Names of the installed modules. */
  readonly modules: ReadonlySet<string> | null;
  readonly rights: readonly ActivityRights[];
  readonly company: { readonly id: number; readonly name: string; readonly currency: string };
  /** How many companies the user may work in. */
  readonly companies: number | null;
  /** Features that are switched on in the settings of Inventory. */
  readonly features: Readonly<Record<Feature, boolean | null>>;
  readonly warehouses: readonly WarehouseFacts[];
  /** Digits that Odoo keeps, by the name of the precision. */
  readonly digits: Readonly<Record<string, number>> | null;
  readonly languages: readonly string[] | null;
  /** Codes of the active currencies. */
  readonly currencies: readonly string[] | null;
  /** Rows of stock below zero on internal locations. */
  readonly negativeQuants: number | null;
  /** Where more is reserved than there is. */
  readonly overReserved: readonly OverReserved[] | null;
  /** Whether Odoo asks about a text message when a delivery is validated. */
  readonly textMessages: boolean | null;
  /** Service products that orders need and that are missing or doubled. */
  readonly missingServices: readonly string[];
  readonly trackingNumbers: boolean;
  /** Whether deliveries can be put into batches. */
  readonly batches: boolean;
  /** Null for a version that this package has no types for. */
  readonly drift: readonly Drift[] | null;
  /** What the master data of products is like; null when it was not to be looked at, or may not be seen. */
  readonly data: DataFacts | null;
  /** What is wrong or worth knowing, the worst first. */
  readonly findings: readonly Finding[];
};

/** The settings that hide behind a group of users. */
const featureGroups = {
  multiLocation: 'stock.group_stock_multi_locations',
  multiWarehouse: 'stock.group_stock_multi_warehouses',
  lots: 'stock.group_production_lot',
  packages: 'stock.group_tracking_lot',
  owners: 'stock.group_tracking_owner',
} as const;
export type Feature = keyof typeof featureGroups;

export type WarehouseFacts = {
  readonly id: number;
  readonly code: NodeId;
  /** `ship_only`, `pick_ship` or `pick_pack_ship`; how many steps a delivery by Odoo's own routes has. */
  readonly deliverySteps: string | null;
  readonly receptionSteps: string | null;
  /** When Odoo sets goods aside for its deliveries: `at_confirm`, `manual` or `by_date`. */
  readonly reservation: string | null;
  /** Whether Odoo puts its deliveries into batches by itself. */
  readonly autoBatch: boolean;
  /** Whether the set-up made a route for it. */
  readonly hasRoute: boolean;
};

export type CapabilityOptions = {
  /** Codes of the warehouses that are nodes; null for those that are set up. */
  readonly nodes?: readonly NodeId[] | null;
  /** What to look for drift in, besides the curated types of the version as far as the connector uses them. */
  readonly lock?: Comparable;
  /** Whether the data of every product is looked at too, which takes as long as reading the catalogue; default not. */
  readonly data?: boolean;
};

/** Reads everything that decides whether and how the connector can work here. Changes nothing; works for a user without rights to settings, who then cannot be told everything. */
export async function readCapabilities(session: Session, options: CapabilityOptions = {}): Promise<Capabilities> {
  const { client, vocabulary } = session;
  const lock = lockToCompare(client.version, options.lock);
  // One after the other: a small server has few connections to its database.
  const modules = await readInstalledModules(client);
  const activityRights = await readRights(client);
  const companies = await ifReadable(() => readCompanies(session));
  const features = await readFeatures(session);
  const warehouses = await readWarehouses(session);
  const digits = await ifReadable(() => readDigits(session));
  const languages = await ifReadable(() => readNames(session, 'res.lang', 'code'));
  const currencies = await ifReadable(() => readNames(session, 'res.currency', 'name'));
  const negative = await ifReadable(() => countNegative(session));
  const overReserved = await ifReadable(() => readOverReserved(client));
  const texts = await ifReadable(() => readTextMessages(session));
  const services = await readProductIds(session, serviceSkus);
  const drift = lock === null ? null : await readDrift(client, lock);
  const data = options.data === true ? await ifReadable(() => readData(session)) : null;
  const facts = {
    version: client.version,
    transport: client.transportName,
    user: { login: client.user.login, email: client.user.email },
    edition: modules === null ? null : modules.has('web_enterprise') ? ('enterprise' as const) : ('community' as const),
    modules,
    rights: activityRights,
    company: client.company,
    companies,
    features,
    warehouses,
    digits,
    languages,
    currencies,
    negativeQuants: negative,
    overReserved,
    textMessages: texts,
    missingServices: serviceSkus.filter((sku) => !services.has(sku)),
    trackingNumbers: vocabulary.tracking,
    batches: vocabulary.batches,
    drift,
    data,
  };
  const toBeSourced = session.layout.toBeSourced.wayOut !== null;
  return { ...facts, findings: findingsOf(facts, { nodes: options.nodes ?? null, toBeSourced }) };
}

async function readCompanies({ client }: Session): Promise<number | null> {
  const row = z.object({ company_ids: z.array(z.int()) });
  const [user] = await client.call(
    {
      model: 'res.users',
      method: 'read',
      ids: [client.user.id],
      args: { fields: ['company_ids'], load: '' },
      repeat: 'always',
      timeout: 'read',
    },
    z.array(row),
  );
  return user?.company_ids.length ?? null;
}

async function readFeatures(session: Session): Promise<Capabilities['features']> {
  const multiLocation = await hasGroup(session, featureGroups.multiLocation);
  const multiWarehouse = await hasGroup(session, featureGroups.multiWarehouse);
  const lots = await hasGroup(session, featureGroups.lots);
  const packages = await hasGroup(session, featureGroups.packages);
  const owners = await hasGroup(session, featureGroups.owners);
  return { multiLocation, multiWarehouse, lots, packages, owners };
}

/** Whether our user is in a group. Until Odoo 17 the method belongs to the model, then to the user. */
function hasGroup({ client }: Session, group: string): Promise<boolean | null> {
  const ids = client.version >= 18 ? { ids: [client.user.id] } : {};
  const call = {
    model: 'res.users',
    method: 'has_group',
    ...ids,
    args: { group_ext_id: group },
    repeat: 'always',
    timeout: 'read',
  } as const;
  return ifReadable(() => client.call(call, z.boolean()));
}

async function readWarehouses({ client, layout, warehouseSplit }: Session): Promise<readonly WarehouseFacts[]> {
  const nodes = [...layout.nodes];
  const known = (await ifReadable(() => client.knownFields('stock.picking.type', ['auto_batch', 'reservation_method']))) ?? new Set();
  const types = await ifReadable(() =>
    client.searchRead(
      'stock.picking.type',
      { domain: [['id', 'in', nodes.map(([, node]) => node.out_type_id)]], fields: [...known].map(String), archived: true },
      typeSchema,
    ),
  );
  const steps = await ifReadable(() =>
    client.searchRead(
      'stock.warehouse',
      { domain: [['id', 'in', nodes.map(([, node]) => node.id)]], fields: ['delivery_steps', 'reception_steps'] },
      stepsSchema,
    ),
  );
  return nodes.map(([code, node]) => {
    const type = types?.find((each) => each.id === node.out_type_id);
    const step = steps?.find((each) => each.id === node.id);
    return {
      id: node.id,
      code,
      deliverySteps: step?.delivery_steps || null,
      receptionSteps: step?.reception_steps || null,
      reservation: type?.reservation_method || null,
      autoBatch: type?.auto_batch === true,
      // An order of one warehouse goes by the warehouse's own route.
      hasRoute: node.wayOut !== null || warehouseSplit === 'order-per-warehouse',
    };
  });
}

const textOrFalse = z.union([z.string(), z.literal(false)]);
const typeSchema = z.object({ id: z.int(), auto_batch: z.boolean().optional(), reservation_method: textOrFalse.optional() });
const stepsSchema = z.object({ id: z.int(), delivery_steps: textOrFalse, reception_steps: textOrFalse });

async function readDigits({ client }: Session): Promise<Readonly<Record<string, number>>> {
  const row = z.object({ name: z.string(), digits: z.int() });
  const rows = await client.searchRead('decimal.precision', { domain: [], fields: ['name', 'digits'] }, row);
  return Object.fromEntries(rows.map(({ name, digits }) => [name, digits]));
}

/** One text of every active record. */
async function readNames({ client }: Session, model: string, field: 'name' | 'code'): Promise<readonly string[]> {
  const row = z.object({ name: z.string().optional(), code: z.string().optional() });
  const rows = await client.searchRead(model, { domain: [['active', '=', true]], fields: [field] }, row);
  return rows.flatMap((each) => each[field] ?? []).sort();
}

async function countNegative({ client }: Session): Promise<number> {
  const domain = [
    ['quantity', '<', 0],
    ['location_id.usage', '=', 'internal'],
  ];
  return client.call({ model: 'stock.quant', method: 'search_count', args: { domain }, repeat: 'always', timeout: 'read' }, z.int());
}

/** The switch of the company was renamed in Odoo 19; where the app is missing there is none. */
async function readTextMessages({ client }: Session): Promise<boolean> {
  const names = await client.knownFields('res.company', ['stock_move_sms_validation', 'stock_text_confirmation']);
  if (names.size === 0) return false;
  const query = { domain: [['id', '=', client.company.id]], fields: [...names] };
  const [company] = await client.searchRead('res.company', query, z.record(z.string(), z.unknown()));
  return [...names].some((name) => company?.[name] === true);
}
