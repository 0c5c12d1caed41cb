import type { Numbers } from './compile.ts';
import type { Prices } from './prices.ts';

/** The same numbers on memory that other threads can read, where there is such memory. */
export function onSharedMemory<Batch extends Numbers>(batch: Batch): Batch {
  const stock = floats(batch.stock);
  return {
    ...batch,
    stock,
    // Without reservations they are the same array.
    stockWithReserved: batch.stockWithReserved === batch.stock ? stock : floats(batch.stockWithReserved),
    poolRows: batch.poolRows.map(integers),
    lineStart: integers(batch.lineStart),
    lineSku: integers(batch.lineSku),
    lineUnits: floats(batch.lineUnits),
    lineKg: floats(batch.lineKg),
    lineLitres: floats(batch.lineLitres),
    linePromise: floats(batch.linePromise),
    lineOpenCost: floats(batch.lineOpenCost),
    lineOrder: integers(batch.lineOrder),
    orderZone: integers(batch.orderZone),
    orderChannel: integers(batch.orderChannel),
    orderLateCost: floats(batch.orderLateCost),
    orderSplitCost: floats(batch.orderSplitCost),
    orderMaxShipments: integers(batch.orderMaxShipments),
    orderComplete: bytes(batch.orderComplete),
    ...(batch.stockValue === undefined ? {} : { stockValue: floats(batch.stockValue) }),
  };
}

export function sharedPrices(prices: Prices): Prices {
  const { first, num, den } = prices.cuts;
  return {
    stock: floats(prices.stock),
    pool: floats(prices.pool),
    labor: floats(prices.labor),
    slot: floats(prices.slot),
    cuts: { first: integers(first), num: floats(num), den: floats(den) },
    cut: floats(prices.cut),
    hasCuts: bytes(prices.hasCuts),
    aboveFloor: prices.aboveFloor,
  };
}

/** Room of so many bytes, shared where asked for and possible. */
export function memory(size: number, shared: boolean): ArrayBufferLike {
  return shared && typeof SharedArrayBuffer !== 'undefined' ? new SharedArrayBuffer(size) : new ArrayBuffer(size);
}

function floats(from: Float64Array): Float64Array {
  const into = new Float64Array(memory(from.byteLength, true));
  into.set(from);
  return into;
}

function integers(from: Int32Array): Int32Array {
  const into = new Int32Array(memory(from.byteLength, true));
  into.set(from);
  return into;
}

function bytes(from: Uint8Array): Uint8Array {
  const into = new Uint8Array(memory(from.byteLength, true));
  into.set(from);
  return into;
}
