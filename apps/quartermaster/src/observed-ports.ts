import type { Carrier, Channel, ChannelOperation, Erp, ReturnReading } from '@quartermaster/domain';
import type { Connections } from './connect.ts';

/** A call of a port: to whom, and which of its operations. */
export type PortCall = { readonly connection: string; readonly operation: string };

/** Stands around every call of a port: does the work once, and gives or throws what the work does. */
export type AroundCall = <Result>(call: PortCall, work: () => Promise<Result>) => Promise<Result>;

/** The same ports, with somebody who sees every call: the connectors know nothing of it. */
export function observedPorts({ erp, channels, carriers }: Connections, around: AroundCall): Connections {
  return {
    erp: observedErp(erp, around),
    channels: new Map([...channels].map(([connection, channel]) => [connection, observedChannel(channel, around)])),
    carriers: new Map([...carriers].map(([connection, carrier]) => [connection, observedCarrier(carrier, around)])),
  };
}

function observedErp(erp: Erp, around: AroundCall): Erp {
  const call = (operation: string) => ({ connection: erp.connection, operation });
  return {
    ...erp,
    probe: () => around(call('probe'), () => erp.probe()),
    nodes: () => around(call('nodes'), () => erp.nodes()),
    products: (skus) => around(call('products'), () => erp.products(skus)),
    stock: (query) => around(call('stock'), () => erp.stock(query)),
    findOrder: (key) => around(call('findOrder'), () => erp.findOrder(key)),
    writeOrder: (draft, memo) => around(call('writeOrder'), () => erp.writeOrder(draft, memo)),
    allocate: (request, memo) => around(call('allocate'), () => erp.allocate(request, memo)),
    ship: (request, memo) => around(call('ship'), () => erp.ship(request, memo)),
    cancelOrder: (key, memo) => around(call('cancelOrder'), () => erp.cancelOrder(key, memo)),
    changeAddress: (request, memo) => around(call('changeAddress'), () => erp.changeAddress(request, memo)),
  };
}

function observedChannel(channel: Channel, around: AroundCall): Channel {
  const call = (operation: string) => ({ connection: channel.connection, operation });
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
    acknowledgement: observedOperation('acknowledge', channel.acknowledgement),
    cancellation: observedOperation('cancel', channel.cancellation),
    refund: observedOperation('refund', channel.refund),
    capture: observedOperation('capture', channel.capture),
    returns: channel.returns && observedReturns(channel.returns),
  };

  function observedListings(listings: Channel['listings']): Channel['listings'] {
    return listings && (() => observedPages(listings(), (next) => around(call('listings'), next)));
  }

  function observedReturns(returns: ReturnReading): ReturnReading {
    return { pullReturns: (since) => observedPages(returns.pullReturns(since), (next) => around(call('pullReturns'), next)) };
  }

  function observedOperation<Request, Result>(
    name: string,
    operation: ChannelOperation<Request, Result> | null,
  ): ChannelOperation<Request, Result> | null {
    if (operation === null) return null;
    return {
      safety: operation.safety,
      make: (request, memo) => around(call(name), () => operation.make(request, memo)),
      find: (request, memo) => around(call(`${name}.find`), () => operation.find(request, memo)),
    };
  }
}

function observedCarrier(carrier: Carrier, around: AroundCall): Carrier {
  const call = (operation: string) => ({ connection: carrier.connection, operation });
  return {
    ...carrier,
    probe: () => around(call('probe'), () => carrier.probe()),
    rates: (request) => around(call('rates'), () => carrier.rates(request)),
    buy: (request, memo) => around(call('buy'), () => carrier.buy(request, memo)),
    reconcile: (request, refs, memo) => around(call('reconcile'), () => carrier.reconcile(request, refs, memo)),
    voidLabel: (label, memo) => around(call('voidLabel'), () => carrier.voidLabel(label, memo)),
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
