import { money, type Address, type ChannelOrder, type ErpProduct, type OrderLine, type StockPosition } from '@quartermaster/domain';
import { decide, receive, type OrderCase, type OrderEvent, type ShipmentDraft } from '@quartermaster/fulfilment';
import { tariffSchema } from '@quartermaster/parcels';
import { flowSettingsSchema, type FlowSettings } from '../settings.ts';
import type { ProblemInput } from '../waves/sourcing-problem.ts';

/** Orders, stock and settings as the package's own tests tell them. */

export const now = '2026-11-23T09:00:00.000Z';

export function address(postalCode: string, city: string): Address {
  return {
    name: `Warehouse ${city}`,
    company: null,
    lines: ['Dock 1'],
    postalCode,
    city,
    region: null,
    country: 'DE',
    phone: null,
    email: null,
  };
}

/** Shops are not told that we take orders on, which would change their orders. Berlin and Hamburg, one carrier `house` with one service of 4.00 and 0.50 a kilogram, two days; parcels up to 10 kg. */
export function settings(given: { readonly channels?: readonly string[] } = {}): FlowSettings {
  const labor = { minutesPerShipment: 2, minutesPerLine: 1, minutesPerUnit: 0.5, tiers: [{ minutes: null, costPerMinute: 0.4 }] };
  const node = { kind: 'warehouse' as const, company: 'acme', zone: 'Europe/Berlin', cutoff: '15:00', labor };
  return flowSettingsSchema.parse({
    tenant: 'acme',
    company: 'eu',
    currency: 'EUR',
    zone: 'Europe/Berlin',
    nodes: [
      { ...node, id: 'BER', address: address('10115', 'Berlin') },
      { ...node, id: 'HAM', address: address('20095', 'Hamburg') },
    ],
    erp: {
      connection: 'erp',
      mode: 'auto',
      serviceSkus: { shipping: 'QM-SHIPPING', tax: 'QM-TAX', discount: 'QM-DISCOUNT', other: 'QM-OTHER' },
    },
    channels: (given.channels ?? ['shop']).map((connection) => ({ connection, mode: 'auto', share: 1, acknowledge: false })),
    carriers: [{ connection: 'house', mode: 'auto', name: 'House', tariff: tariff('House') }],
    waves: ['11:00', '14:00'],
    checks: {},
    safetyStock: {},
    sourcing: {},
  });
}

export function tariff(carrier: string) {
  const service = (id: string, baseMinor: number, transitDays: number) => ({
    id,
    name: id,
    carrierService: id,
    maxGrams: 30_000,
    parcelMaxGrams: 10_000,
    zones: [{ id: 'DE', from: { country: 'DE' }, to: { country: 'DE' } }],
    prices: [{ zone: 'DE', transitDays, baseMinor, perKgMinor: 50 }],
  });
  return tariffSchema.parse({
    id: carrier,
    carrier,
    currency: 'EUR',
    effectiveFrom: '2026-01-01',
    services: [service('std', 400, 2), service('fast', 900, 1)],
  });
}

/** The same with EasyPost as the carrier. */
export function withEasyPost(given: FlowSettings): FlowSettings {
  const services = tariff('DHL').services.filter(({ id }) => id === 'std');
  return {
    ...given,
    carriers: [{ connection: 'post', mode: 'auto', name: 'DHL', tariff: { ...tariff('DHL'), services }, labelFormat: 'pdf' }],
  };
}

export function line(id: string, sku: string | null, quantity: number, more: Partial<OrderLine> = {}): OrderLine {
  return {
    id,
    kind: 'product',
    parent: null,
    sku,
    title: `Article ${id}`,
    quantity,
    unitFactor: 1,
    unitPrice: '10.00',
    total: money(quantity * 1_000, 'EUR'),
    tax: money(0, 'EUR'),
    ...more,
  };
}

export function channelOrder(more: Partial<ChannelOrder> = {}): ChannelOrder {
  const lines = more.lines ?? [line('l1', 'MUG', 2), line('l2', 'LAMP', 1)];
  const total = money(
    lines.reduce((sum, each) => sum + each.total.minor, 0),
    'EUR',
  );
  return {
    id: '1001',
    name: '#1001',
    revision: 'r1',
    status: 'open',
    test: false,
    placedAt: '2026-11-23T08:00:00.000Z',
    updatedAt: '2026-11-23T08:00:00.000Z',
    class: 'consumer',
    purchaseOrderNumber: null,
    terms: null,
    shipNotBefore: null,
    requestedService: null,
    pickupPoint: null,
    currency: 'EUR',
    taxesIncluded: true,
    payment: { status: 'paid', secured: total },
    risk: 'low',
    subject: `subject-${more.id ?? '1001'}`,
    destination: { country: 'DE', region: null, postalArea: '101' },
    addressHash: 'a',
    lines,
    shipping: money(0, 'EUR'),
    shippingTax: money(0, 'EUR'),
    orderDiscount: money(0, 'EUR'),
    total,
    ...more,
  };
}

export const scope = { tenant: 'acme', company: 'eu', connection: 'shop' };

export function openCaseOf(order: ChannelOrder = channelOrder()): OrderCase {
  return receive({ key: order.id, scope, order, holds: [], acknowledges: false, now }).case;
}

export function after(given: OrderCase, ...events: readonly OrderEvent[]): OrderCase {
  return events.reduce((current, event) => decide(current, event, now).case, given);
}

/** Planned at the wave of this slot. */
export function sourced(given: OrderCase, slot: string, ...shipments: readonly ShipmentDraft[]): OrderCase {
  return after(given, { kind: 'sourced', decisionId: `wave:${slot}`, shipments });
}

export function draft(node: string, lines: ShipmentDraft['lines'], more: Partial<ShipmentDraft> = {}): ShipmentDraft {
  return {
    node,
    carrier: 'house',
    service: 'std',
    lines,
    parcels: [{ number: 1, grams: 900, millimetres: null, items: lines }],
    dispatchDate: '2026-11-23',
    promiseDate: null,
    estimate: { currency: 'EUR', minorByTerm: { shipping: 450, lateness: 0 } },
    ...more,
  };
}

export function position(sku: string, node: string, sellable: number, more: Partial<StockPosition> = {}): StockPosition {
  const none = { reserved: 0, qualityHold: 0, damaged: 0, returnPending: 0, inTransit: 0, inbound: [], lot: null, owner: null, kit: null };
  return { sku, node, asOf: now, sellable, ...none, ...more };
}

export function product(sku: string): ErpProduct | undefined {
  const grams = { MUG: 400, LAMP: 1_200, SOFA: 12_000 }[sku];
  return grams === undefined
    ? undefined
    : { sku, ref: sku, name: sku, storable: true, kit: null, grams, millilitres: 900, millimetres: null };
}

/** What a wave at 10 o'clock in Berlin decides about, with ten of everything everywhere unless given. */
export function problemInput(given: Partial<ProblemInput> & { readonly orders?: readonly ChannelOrder[] } = {}): ProblemInput {
  const orders = given.orders ?? [channelOrder()];
  const shelf = new Map(['MUG', 'LAMP', 'SOFA'].map((sku) => [sku, 10]));
  return {
    name: 'test',
    at: now,
    demands: orders.map((order) => ({
      key: order.id,
      channel: 'shop',
      order,
      open: order.lines.flatMap(({ id, sku, quantity }) => (sku === null ? [] : [{ lineId: id, sku, units: quantity }])),
    })),
    available: new Map([
      ['BER', shelf],
      ['HAM', shelf],
    ]),
    minutesTaken: new Map(),
    product,
    settings: settings(),
    ...given,
  };
}
