import type { Carrier, Channel, ConnectorOperation, Erp, Notifier, ReturnReading } from '@quartermaster/domain';
import type { Connections } from './connect.ts';

/** A call of a port: to whom, and which of its operations. */
export type PortCall = { readonly connection: string; readonly operation: string };

/** Stands around every call of a port: does the work once, and gives or throws what the work does. */
export type AroundCall = <Result>(call: PortCall, work: () => Promise<Result>) => Promise<Result>;

/** The same ports, with somebody who sees every call: the connectors know nothing of it. */
export function observedPorts({ erp, channels, carriers, notifiers }: Connections, around: AroundCall): Connections {
  return {
    erp: observedErp(erp, around),
    channels: new Map([...channels].map(([connection, channel]) => [connection, observedChannel(channel, around)])),
    carriers: new Map([...carriers].map(([connection, carrier]) => [connection, observedCarrier(carrier, around)])),
    ...(notifiers && {
      notifiers: new Map([...notifiers].map(([connection, notifier]) => [connection, observedNotifier(notifier, around)])),
    }),
  };
}

function observedErp(erp: Erp, around: AroundCall): Erp {
  const call = (operation: string) => ({ connection: erp.connection, operation });
  const { vendorBills, batches, todos, history } = erp;
  return {
    ...erp,
    probe: (look) => around(call('probe'), () => erp.probe(look)),
    nodes: () => around(call('nodes'), () => erp.nodes()),
    products: (skus) => around(call('products'), () => erp.products(skus)),
    stock: (query) => around(call('stock'), () => erp.stock(query)),
    findOrder: (key) => around(call('findOrder'), () => erp.findOrder(key)),
    ordersNamed: (references) => around(call('ordersNamed'), () => erp.ordersNamed(references)),
    writeOrder: (draft, memo) => around(call('writeOrder'), () => erp.writeOrder(draft, memo)),
    allocate: (request, memo) => around(call('allocate'), () => erp.allocate(request, memo)),
    deallocate: (request, memo) => around(call('deallocate'), () => erp.deallocate(request, memo)),
    ship: (request, memo) => around(call('ship'), () => erp.ship(request, memo)),
    cancelOrder: (key, memo) => around(call('cancelOrder'), () => erp.cancelOrder(key, memo)),
    changeAddress: (request, memo) => around(call('changeAddress'), () => erp.changeAddress(request, memo)),
    vendorBills: vendorBills && {
      ...vendorBills,
      find: (key) => around(call('vendorBills.find'), () => vendorBills.find(key)),
      write: (draft, memo) => around(call('vendorBills.write'), () => vendorBills.write(draft, memo)),
    },
    batches: batches && {
      ...batches,
      find: (key) => around(call('batches.find'), () => batches.find(key)),
      write: (draft, memo) => around(call('batches.write'), () => batches.write(draft, memo)),
    },
    todos: todos && {
      ...todos,
      find: (key) => around(call('todos.find'), () => todos.find(key)),
      write: (draft, memo) => around(call('todos.write'), () => todos.write(draft, memo)),
      finish: (key, memo) => around(call('todos.finish'), () => todos.finish(key, memo)),
    },
    history: history && {
      adjustments: (query) => around(call('history.adjustments'), () => history.adjustments(query)),
      receipts: (query) => around(call('history.receipts'), () => history.receipts(query)),
    },
  };
}

function observedChannel(channel: Channel, around: AroundCall): Channel {
  const call = (operation: string) => ({ connection: channel.connection, operation });
  const both = (operation: string) => [call(operation), call(`${operation}.find`)] as const;
  return {
    ...channel,
    probe: () => around(call('probe'), () => channel.probe()),
    pullOrders: (since) => observedPages(channel.pullOrders(since), (next) => around(call('pullOrders'), next)),
    getOrder: (orderId) => around(call('getOrder'), () => channel.getOrder(orderId)),
    pushStock: (levels, memo) => around(call('pushStock'), () => channel.pushStock(levels, memo)),
    confirmShipment: (request, memo) => around(call('confirmShipment'), () => channel.confirmShipment(request, memo)),
    findShipment: (request) => around(call('findShipment'), () => channel.findShipment(request)),
    standings: (query) => observedPages(channel.standings(query), (next) => around(call('standings'), next)),
    shownStock: (places) => around(call('shownStock'), () => channel.shownStock(places)),
    listings: observedListings(channel.listings),
    acknowledgement: observedOperation(channel.acknowledgement, both('acknowledge'), around),
    cancellation: observedOperation(channel.cancellation, both('cancel'), around),
    refund: observedOperation(channel.refund, both('refund'), around),
    capture: observedOperation(channel.capture, both('capture'), around),
    returns: channel.returns && observedReturns(channel.returns),
  };

  function observedListings(listings: Channel['listings']): Channel['listings'] {
    return listings && (() => observedPages(listings(), (next) => around(call('listings'), next)));
  }

  function observedReturns(returns: ReturnReading): ReturnReading {
    return { pullReturns: (since) => observedPages(returns.pullReturns(since), (next) => around(call('pullReturns'), next)) };
  }
}

function observedOperation<Request, Result>(
  operation: ConnectorOperation<Request, Result> | null,
  [make, find]: readonly [make: PortCall, find: PortCall],
  around: AroundCall,
): ConnectorOperation<Request, Result> | null {
  return (
    operation && {
      safety: operation.safety,
      make: (request, memo) => around(make, () => operation.make(request, memo)),
      find: (request, memo) => around(find, () => operation.find(request, memo)),
    }
  );
}

function observedCarrier(carrier: Carrier, around: AroundCall): Carrier {
  const call = (operation: string) => ({ connection: carrier.connection, operation });
  const both = (operation: string) => [call(operation), call(`${operation}.find`)] as const;
  const { labelsSince, documents, addressCheck, tracking, trackingPush, pickup, manifest } = carrier;
  return {
    ...carrier,
    probe: () => around(call('probe'), () => carrier.probe()),
    rates: (request, signal) => around(call('rates'), () => carrier.rates(request, signal)),
    buy: (request, memo) => around(call('buy'), () => carrier.buy(request, memo)),
    reconcile: (request, refs, memo) => around(call('reconcile'), () => carrier.reconcile(request, refs, memo)),
    voidLabel: (label, memo) => around(call('voidLabel'), () => carrier.voidLabel(label, memo)),
    labelsSince: labelsSince && ((since) => observedPages(labelsSince(since), (next) => around(call('labelsSince'), next))),
    documents: documents && ((label, format) => around(call('documents'), () => documents(label, format))),
    addressCheck: addressCheck && ((address) => around(call('addressCheck'), () => addressCheck(address))),
    tracking: tracking && { ...tracking, track: (numbers) => around(call('track'), () => tracking.track(numbers)) },
    trackingPush: observedOperation(trackingPush, both('trackingPush'), around),
    pickup: pickup && {
      ...pickup,
      ...observedOperation(pickup, both('pickup'), around),
      cancel: (ref) => around(call('pickup.cancel'), () => pickup.cancel(ref)),
    },
    manifest: observedOperation(manifest, both('manifest'), around),
  };
}

function observedNotifier(notifier: Notifier, around: AroundCall): Notifier {
  const call = (operation: string) => ({ connection: notifier.connection, operation });
  const { atOrders } = notifier;
  return {
    ...notifier,
    ...observedOperation(notifier, [call('notify'), call('notify.find')], around),
    atOrders: atOrders && { end: (notice, memo) => around(call('notify.end'), () => atOrders.end(notice, memo)) },
  };
}

/** Pages of which each is a call of its own; who breaks off ends the reading behind it, too. */
async function* observedPages<Page>(
  pages: AsyncIterable<Page>,
  around: (next: () => Promise<IteratorResult<Page>>) => Promise<IteratorResult<Page>>,
): AsyncGenerator<Page> {
  const iterator = pages[Symbol.asyncIterator]();
  try {
    for (;;) {
      const { done, value } = await around(() => iterator.next());
      if (done === true) return;
      yield value;
    }
  } finally {
    await iterator.return?.();
  }
}
