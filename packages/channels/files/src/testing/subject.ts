import type { HttpEvent } from '@quartermaster/connector-kit';
import type { BenchOrder, ChannelSubject } from '@quartermaster/connector-kit/conformance';
import { virtualClock } from '@quartermaster/connector-kit/sandbox';
import { decimalOf, money } from '@quartermaster/domain';
import { filesChannel, type FilesChannelOptions } from '../channel.ts';
import { createFilesSandbox, withDirectoryFaults } from '../sandbox/index.ts';
import { start } from './folder.ts';

/** A folder and its partner, as the conformance suite wants a channel: warehouse BERLIN is node BER, PARIS is PAR. */
export const filesSubject = subjectWith('Files', {});
/** The same the other way round: CSV, whole stock files, files that are moved when they were read, names that tell what is whole. */
export const csvSubject = subjectWith('Files', { writes: 'csv', stockFiles: 'whole', whenRead: 'move', wholeWhen: { kind: 'renamed' } });

const prices: Readonly<Record<string, number>> = { MUG: 1290, TEA: 450 };
const password = 'sftp-password-1';

function subjectWith(name: string, options: Partial<FilesChannelOptions>): ChannelSubject {
  return {
    name,
    lacks: {
      'compare-and-set': 'a file sets a figure and cannot ask first what it is',
      refund: 'money goes back between the companies, not by files',
      capture: 'money is not taken through files',
      returns: 'no file for returns yet',
      webhooks: 'a folder is looked into; nobody calls',
      'signed-webhooks': 'a folder is looked into; nobody calls',
      subscriptions: 'a folder is looked into; nobody calls',
    },
    open(given = {}) {
      const clock = virtualClock(given.start ?? start);
      const currency = given.currency ?? 'EUR';
      const decimal = (minor: number) => decimalOf(money(minor, currency));
      const warehouses: Readonly<Record<string, string>> = { BER: 'BERLIN', PAR: 'PARIS' };
      const partner = createFilesSandbox({
        clock,
        currency,
        taxesIncluded: given.taxesIncluded ?? true,
        warehouses: Object.values(warehouses),
        writes: options.writes ?? 'json',
      });
      for (const sku of Object.keys(prices)) {
        partner.addItem({ sku, title: sku });
        partner.setStock(sku, 'BERLIN', 10);
        partner.setStock(sku, 'PARIS', 3);
      }
      const exchanges: HttpEvent[] = [];
      let touched = 0;
      return {
        clock,
        exchanges,
        secrets: [password],
        channel: filesChannel({
          connection: 'acme-3pl',
          partner: 'Acme Logistics',
          directory: withDirectoryFaults(partner.directory, given.faults ?? (() => null), `user qm, password ${password}: refused`),
          warehouses,
          clock,
          random: () => 0.5,
          secrets: [password],
          onEvent: (event) => exchanges.push(event),
          ...options,
        }),
        shop: {
          placeOrder: (order) => partner.placeOrder(newOrder(order, decimal)),
          touchOrder: (id) => partner.changeOrder(id, (order) => ({ ...order, note: `looked at ${++touched} times` })),
          cancelOrder: (id) => partner.cancelOrder(id),
          takeOut: (id, sku, units) => partner.takeOut(id, sku, units),
          stockOf: (sku, node) => partner.stockOf(sku, warehouses[node] ?? ''),
          setStock: (sku, node, units) => partner.setStock(sku, warehouses[node] ?? '', units),
          addListing: ({ sku, title }) => partner.addItem({ sku, title }),
          orderOf(id) {
            const { order, shipments, acknowledgedAs, cancelled } = partner.order(id);
            const skuOf = (line: string) => order.lines.find((one) => one.line_id === line)?.sku ?? '';
            const bySku = (units: Readonly<Record<string, number>>) =>
              Object.fromEntries(Object.entries(units).map(([line, count]) => [skuOf(line), count]));
            return {
              cancelled: order.status === 'cancelled',
              cancelledUnits: bySku(cancelled),
              shipments: shipments.map(({ trackingNumbers, units }) => ({ trackingNumbers, units: bySku(units) })),
              acknowledgedAs,
              refunds: [],
              captured: 0,
            };
          },
        },
      };
    },
  };
}

function newOrder(order: BenchOrder, decimal: (minor: number) => string) {
  return {
    lines: order.lines.map(({ sku, quantity, discount, tax }) => ({
      sku,
      quantity,
      unitPrice: decimal(prices[sku] ?? 0),
      ...(discount === undefined ? {} : { discount: decimal(discount) }),
      ...(tax === undefined ? {} : { tax: decimal(tax) }),
    })),
    ...(order.shipping === undefined ? {} : { shipping: decimal(order.shipping) }),
    ...(order.paid === false ? { payment: 'unpaid' } : {}),
  };
}
