import * as fc from 'fast-check';
import { expect, test } from 'vitest';
import {
  addMoney,
  currencyExponent,
  decimalOf,
  money,
  moneyFromDecimal,
  multiplyPrice,
  shareMoney,
  shareUnits,
  subtractMoney,
  sumMoney,
  type Money,
} from './money.ts';

const currency = fc.constantFrom('EUR', 'JPY', 'KWD', 'CLF', 'XTS');
const amount = fc.tuple(fc.maxSafeInteger(), currency).map(([minor, code]) => money(minor, code));
const modest = fc.integer({ min: -1_000_000_000, max: 1_000_000_000 });
const weights = fc.array(
  fc.oneof(fc.nat(1_000), fc.double({ min: 0, noNaN: true, noDefaultInfinity: true }), fc.constantFrom(0, 1e-25, 1 / 3, 1e25)),
  { minLength: 1, maxLength: 30 },
);

test('an amount survives its decimal text', () => {
  fc.assert(
    fc.property(amount, (given) => {
      expect(moneyFromDecimal(decimalOf(given), given.currency)).toEqual(given);
    }),
  );
});

test('the decimal text of an amount has all digits of its currency', () => {
  fc.assert(
    fc.property(amount, (given) => {
      const digits = decimalOf(given).split('.')[1]?.length ?? 0;
      expect(digits).toBe(currencyExponent(given.currency));
    }),
  );
});

test('decimal text becomes exactly its amount, or is refused: it is never rounded', () => {
  const text = fc.tuple(modest, fc.nat(6)).map(([digits, places]) => {
    const padded = String(Math.abs(digits)).padStart(places + 1, '0');
    const point = padded.length - places;
    return `${digits < 0 ? '-' : ''}${padded.slice(0, point)}${places === 0 ? '' : `.${padded.slice(point)}`}`;
  });
  fc.assert(
    fc.property(text, currency, (given, code) => {
      const [, fraction = ''] = given.split('.');
      const digits = currencyExponent(code);
      const exact = BigInt(`${given.replace('.', '')}${'0'.repeat(digits)}`);
      const divisor = 10n ** BigInt(fraction.length);
      expect(unlessRefused(() => moneyFromDecimal(given, code))).toBe(exact % divisor === 0n ? exact / divisor : 'refused');
    }),
  );
});

test('text that is no decimal number never becomes money', () => {
  const notDecimal = fc.string().filter((text) => !/^-?\d+(\.\d+)?$/.test(text));
  fc.assert(
    fc.property(notDecimal, (text) => {
      expect(() => moneyFromDecimal(text, 'EUR')).toThrow(RangeError);
    }),
  );
});

test('what is added can be taken away again', () => {
  fc.assert(
    fc.property(modest, modest, (left, right) => {
      const first = money(left, 'EUR');
      const second = money(right, 'EUR');
      expect(subtractMoney(addMoney(first, second), second)).toEqual(first);
    }),
  );
});

test('a sum that would not be exact is refused', () => {
  fc.assert(
    fc.property(fc.maxSafeInteger(), fc.maxSafeInteger(), (left, right) => {
      const exact = BigInt(left) + BigInt(right);
      const safe = exact >= BigInt(Number.MIN_SAFE_INTEGER) && exact <= BigInt(Number.MAX_SAFE_INTEGER);
      expect(unlessRefused(() => addMoney(money(left, 'EUR'), money(right, 'EUR')))).toBe(safe ? exact : 'refused');
    }),
  );
});

test('the shares of an amount add up to it exactly', () => {
  fc.assert(
    fc.property(fc.integer({ min: -(2 ** 45), max: 2 ** 45 }), weights, (minor, given) => {
      const whole = money(minor, 'EUR');
      expect(sumMoney(shareMoney(whole, given), 'EUR')).toEqual(whole);
    }),
  );
});

test('no share is further than one unit from its exact proportion', () => {
  fc.assert(
    fc.property(modest, fc.array(fc.nat(1_000), { minLength: 1, maxLength: 30 }), (total, given) => {
      const sum = given.reduce((left, right) => left + right, 0);
      fc.pre(sum > 0);
      const farthest = shareUnits(total, given).map((share, index) => {
        const off = BigInt(share) * BigInt(sum) - BigInt(total) * BigInt(given[index] ?? 0);
        return off < 0n ? -off : off;
      });
      expect(farthest.every((off) => off < BigInt(sum))).toBe(true);
    }),
  );
});

test('no share has another sign than the amount, and a weight of zero gets nothing', () => {
  fc.assert(
    fc.property(modest, weights, (total, given) => {
      fc.pre(given.some((weight) => weight > 0));
      const shares = shareUnits(total, given);
      expect(shares.every((share, index) => share * total >= 0 && (given[index] !== 0 || share === 0))).toBe(true);
    }),
  );
});

test('a price times one is the price, where the currency has digits enough', () => {
  fc.assert(
    fc.property(amount, (given) => {
      expect(multiplyPrice(decimalOf(given), 1, given.currency)).toEqual(given);
    }),
  );
});

test('a line total is within half a minor unit of price times quantity', () => {
  fc.assert(
    fc.property(modest, fc.nat(1_000), currency, (tenThousandths, quantity, code) => {
      const price = `${tenThousandths < 0 ? '-' : ''}${Math.trunc(Math.abs(tenThousandths) / 10_000)}.${String(Math.abs(tenThousandths) % 10_000).padStart(4, '0')}`;
      const minor = BigInt(multiplyPrice(price, quantity, code).minor);
      const twiceOff = 2n * (minor * 10_000n - BigInt(tenThousandths) * BigInt(quantity) * 10n ** BigInt(currencyExponent(code)));
      expect((twiceOff < 0n ? -twiceOff : twiceOff) <= 10_000n).toBe(true);
    }),
  );
});

/** The minor units, or that the amount was refused as it should be. */
function unlessRefused(act: () => Money): bigint | 'refused' {
  try {
    return BigInt(act().minor);
  } catch (error) {
    if (error instanceof RangeError) return 'refused';
    throw error;
  }
}
