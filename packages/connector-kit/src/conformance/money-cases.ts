import { centsProof } from '@quartermaster/domain';
import assert from 'node:assert/strict';
import { orderOf } from './asking.ts';
import type { ChannelRule } from './channel.ts';
import type { BenchOrder, ChannelSubject, SubjectGiven } from './subject.ts';

/** MUG and TEA with a discount that three units do not divide, tax that was rounded per line, and shipping. */
const awkward: BenchOrder = {
  lines: [
    { sku: 'MUG', quantity: 3, discount: 100, tax: 602 },
    { sku: 'TEA', quantity: 7, tax: 206 },
  ],
  shipping: 490,
};

export const moneyCases: readonly ChannelRule[] = [
  {
    title: 'the total of an order with tax in its prices is derived to the cent',
    needs: ['taxes-included'],
    check: (subject) => totalIs(subject, { taxesIncluded: true }, awkward, 3 * 1290 - 100 + 7 * 450 + 490),
  },
  {
    title: 'the total of an order with tax on top is derived to the cent',
    needs: ['taxes-on-top'],
    check: (subject) => totalIs(subject, { taxesIncluded: false }, awkward, 3 * 1290 - 100 + 7 * 450 + 490 + 602 + 206),
  },
  {
    title: 'an order of a currency without decimals is not read a hundredfold',
    needs: ['other-currencies'],
    check: (subject) => totalIs(subject, { currency: 'JPY' }, untaxed, 3 * 1290 - 100 + 490),
  },
  {
    title: 'an order of a currency with three decimals is not read a tenth',
    needs: ['other-currencies'],
    check: (subject) => totalIs(subject, { currency: 'KWD' }, untaxed, 3 * 1290 - 100 + 490),
  },
  {
    title: 'an order for nothing is one',
    needs: [],
    check: (subject) => totalIs(subject, {}, { lines: [{ sku: 'TEA', quantity: 1, discount: 450 }] }, 0),
  },
  {
    title: 'what is paid is secured, and nothing else',
    needs: ['unpaid-orders'],
    async check(subject) {
      const { channel, shop } = await subject.open();
      const paid = await orderOf(channel, await shop.placeOrder({ lines: [{ sku: 'MUG', quantity: 1 }] }));
      const unpaid = await orderOf(channel, await shop.placeOrder({ lines: [{ sku: 'MUG', quantity: 1 }], paid: false }));
      assert.deepEqual([paid.order.payment.secured, unpaid.order.payment.secured.minor], [paid.order.total, 0]);
    },
  },
  {
    title: 'units that were taken out of an order are not wanted and not in its total',
    needs: ['order-edits'],
    async check(subject) {
      const { channel, shop } = await subject.open();
      const id = await shop.placeOrder({
        lines: [
          { sku: 'MUG', quantity: 3, tax: 618 },
          { sku: 'TEA', quantity: 1, tax: 72 },
        ],
      });
      assert.ok(shop.takeOut !== undefined, 'the subject can take units out');
      await shop.takeOut(id, 'MUG', 1);
      const { order } = await orderOf(channel, id);
      assert.equal(order.lines.find(({ sku }) => sku === 'MUG')?.quantity, 2);
      assert.equal(centsProof(order).difference.minor, 0);
    },
  },
];

const untaxed: BenchOrder = { lines: [{ sku: 'MUG', quantity: 3, discount: 100 }], shipping: 490 };

async function totalIs(subject: ChannelSubject, given: SubjectGiven, wanted: BenchOrder, minor: number): Promise<void> {
  const { channel, shop } = await subject.open(given);
  const { order } = await orderOf(channel, await shop.placeOrder(wanted));
  const proof = centsProof(order);
  const steps = proof.steps.map(({ what, amount, sum }) => `${what} ${amount.minor} = ${sum.minor}`).join('; ');
  assert.equal(order.total.minor, minor, steps);
  if (given.currency !== undefined) assert.equal(order.total.currency, given.currency);
  assert.ok(proof.explained, `not explained: ${steps}, total ${order.total.minor}`);
  for (const line of wanted.lines) {
    const read = order.lines.find(({ sku }) => sku === line.sku);
    assert.equal(read?.tax.minor, line.tax ?? 0, `tax of ${line.sku}`);
    if (read?.discount !== undefined) assert.equal(read.discount.minor, line.discount ?? 0, `discount of ${line.sku}`);
  }
}
