import { intentMemo } from '@quartermaster/connector-kit/sandbox';
import { isFault, type EffectMemo, type LabelRequest, type Reconciled, type Label } from '@quartermaster/domain';
import { describe, expect, test } from 'vitest';
import { externalReferenceOf, nthOf } from './external-reference.ts';
import { back, given, request, returnRequest, standard, type Given } from './testing/given.ts';

async function faultOf(work: Promise<unknown>) {
  const error: unknown = await work.then(
    () => null,
    (reason: unknown) => reason,
  );
  if (!isFault(error)) throw new Error('no fault');
  return error;
}

/** Waits as a worker does, until a look-up decides. */
async function decided({ carrier, clock }: Given, asked: LabelRequest, kept: EffectMemo): Promise<Reconciled<Label>> {
  for (let look = 0; look < 500; look++) {
    const seen = await carrier.reconcile(asked, kept.refs, kept);
    if (seen.kind !== 'pending') return seen;
    await clock.sleep(seen.afterMs);
  }
  throw new Error('never decided');
}

describe('a label', () => {
  test('costs what its option said, goes under the key, and comes with its file', async () => {
    const { carrier, sandbox, exchanges } = given();
    const kept = intentMemo('SO42/buy-label/1');
    const label = await carrier.buy(request(), kept);
    expect(label).toMatchObject({ price: { minor: 715, currency: 'EUR' }, service: 'postnl:standard', carrier: 'postnl' });
    expect(label.charges.map(({ type, amount }) => [type, amount.minor])).toEqual([
      ['shipping', 650],
      ['fuel-charge', 65],
    ]);
    expect(sandbox.snapshot().labels).toMatchObject([{ externalReference: 'SO42/buy-label/1', priceMinor: 715 }]);
    expect(exchanges.map(({ operation }) => operation)).toEqual(['options.list', 'label.buy']);
    expect(await kept.rawAnswers()).toHaveLength(1);
  });

  test('whose answer was lost is adopted with the price that was agreed to, though it costs more now', async () => {
    const bench = given();
    const kept = intentMemo('K1');
    bench.sandbox.trouble('broken-bought');
    expect((await faultOf(bench.carrier.buy(request(), kept))).facts.outcome).toBe('unknown');
    bench.sandbox.setOptions([{ ...standard, fuelPercent: 90 }]);
    expect(await decided(bench, request(), kept)).toMatchObject({
      kind: 'found',
      result: { price: { minor: 715 }, document: { format: 'pdf' } },
    });
  });

  test('that Sendcloud makes late is waited for, and not bought again while its reference is taken', async () => {
    const bench = given();
    const kept = intentMemo('K1');
    bench.sandbox.trouble('slow');
    await faultOf(bench.carrier.buy(request(), kept));
    expect((await bench.carrier.reconcile(request(), kept.refs, kept)).kind).toBe('pending');
    expect((await decided(bench, request(), kept)).kind).toBe('found');
    expect(bench.sandbox.snapshot().labels.length).toBe(1);
  });

  test('is not asked for again while an earlier purchase of its key may come true', async () => {
    const bench = given();
    const kept = intentMemo('K1');
    bench.sandbox.trouble('broken');
    await faultOf(bench.carrier.buy(request(), kept));
    const fault = await faultOf(bench.carrier.buy(request(), kept));
    expect([fault.code, fault.facts.outcome, fault.facts.retry.kind]).toEqual(['conflict', 'unknown', 'after']);
    await bench.clock.sleep(120_000);
    await bench.carrier.buy(request(), kept);
    expect(bench.exchanges.filter(({ operation }) => operation === 'label.buy').map(({ status }) => status)).toEqual([500, 201]);
  });

  test('that is bought by a process which has forgotten it is found by its reference, not bought twice', async () => {
    const { carrier, sandbox } = given();
    const first = await carrier.buy(request(), intentMemo('K1'));
    const again = await carrier.buy(request(), intentMemo('K1'));
    expect(again.trackingNumber).toBe(first.trackingNumber);
    expect(sandbox.snapshot().labels.length).toBe(1);
  });

  test('whose price was forgotten costs what its option does today, and nothing where that is gone', async () => {
    const bench = given();
    await bench.carrier.buy(request(), intentMemo('K1'));
    bench.sandbox.setOptions([{ ...standard, fuelPercent: 0 }]);
    expect(await bench.carrier.reconcile(request(), {}, intentMemo('K1'))).toMatchObject({
      kind: 'found',
      result: { price: { minor: 650 } },
    });
    bench.sandbox.setOptions([back]);
    expect(await bench.carrier.reconcile(request(), {}, intentMemo('K1'))).toMatchObject({
      kind: 'found',
      result: { price: { minor: 0, currency: 'EUR' } },
    });
  });

  test('whose reference is taken by what cannot be found is a matter for a person', async () => {
    const bench = given();
    bench.sandbox.trouble('slow');
    await faultOf(bench.carrier.buy(request(), intentMemo('K1')));
    const kept = intentMemo('K1');
    const fault = await faultOf(bench.carrier.buy(request(), kept));
    expect(fault.message).toContain('the reference of this purchase is taken');
    const hidden = given();
    await hidden.clock.sleep(300_000);
    expect(await decided(hidden, request(), kept)).toMatchObject({
      kind: 'cannot-tell',
      check: expect.stringContaining('reference K1 is taken'),
    });
  });

  test('that is still being announced is pending, and there when it is done', async () => {
    const bench = given();
    const kept = intentMemo('K1');
    bench.sandbox.trouble('announcing');
    expect((await faultOf(bench.carrier.buy(request(), kept))).facts.retry).toEqual({ kind: 'after', ms: 10_000 });
    expect(await decided(bench, request({ format: 'png' }), kept)).toMatchObject({
      kind: 'found',
      result: { document: { format: 'png' } },
    });
  });

  test('that the carrier did not take is refused in its words, and the next attempt goes under the next reference', async () => {
    const { carrier, sandbox } = given();
    const kept = intentMemo('K1');
    sandbox.trouble('failed-label');
    const fault = await faultOf(carrier.buy(request(), kept));
    expect([fault.code, fault.facts.outcome, fault.facts.message]).toEqual([
      'refused',
      'not-applied',
      'The carrier did not take the shipment.',
    ]);
    await carrier.buy(request(), kept);
    expect(sandbox.snapshot().labels.map(({ externalReference }) => externalReference)).toEqual(['K1~2']);
  });

  test('that was refused is absent, and one that was cancelled is nobody’s to hand out again', async () => {
    const bench = given();
    const refused = intentMemo('K1');
    bench.sandbox.trouble('refused');
    expect((await faultOf(bench.carrier.buy(request(), refused))).code).toBe('refused');
    expect(await bench.carrier.reconcile(request(), refused.refs, refused)).toEqual({ kind: 'absent' });
    const kept = intentMemo('K2');
    await bench.carrier.voidLabel(await bench.carrier.buy(request(), kept), intentMemo('V'));
    expect(await bench.carrier.reconcile(request(), kept.refs, kept)).toMatchObject({ kind: 'cannot-tell' });
    expect((await faultOf(bench.carrier.buy(request(), kept))).facts.retry.kind).toBe('never');
  });

  test('is not bought beyond its limit, nor against a limit in another money', async () => {
    const { carrier, exchanges } = given();
    for (const priceLimit of [
      { minor: 714, currency: 'EUR' },
      { minor: 99_900, currency: 'USD' },
    ])
      expect((await faultOf(carrier.buy(request({ priceLimit }), intentMemo('K1')))).code).toBe('refused');
    expect(exchanges.map(({ operation }) => operation)).toEqual(['options.list', 'options.list']);
  });

  test('of a carrier that makes its own ZPL can be had as nothing else', async () => {
    const { carrier } = given();
    const label = await carrier.buy(request({ format: 'zpl' }), intentMemo('K1'));
    expect((await carrier.documents?.(label, 'zpl'))?.base64).not.toBeNull();
    expect((await faultOf(carrier.documents?.(label, 'pdf') ?? Promise.resolve())).facts).toMatchObject({ advice: 'Ask for zpl.' });
  });

  test('of a carrier that makes PDF alone is kept as that, with the purchase and when it is looked up', async () => {
    const bench = given({ options: [{ ...standard, nativeZpl: false, pdfOnly: true }] });
    const kept = intentMemo('K1');
    expect((await bench.carrier.buy(request({ format: 'zpl' }), kept)).document.format).toBe('pdf');
    expect(await decided(bench, request({ format: 'zpl' }), kept)).toMatchObject({
      kind: 'found',
      result: { document: { format: 'pdf' } },
    });
  });

  test('whose file is half there is fetched again', async () => {
    const bench = given({ faults: (_, { url }) => (url.includes('/documents/') ? 'truncated-after' : null) });
    const label = await bench.carrier.buy(request(), intentMemo('K1'));
    expect((await faultOf(bench.carrier.documents?.(label, 'png') ?? Promise.resolve())).code).toBe('malformed-reply');
  });
});

describe('a return', () => {
  test('is a label of its own kind, priced as one, with its document', async () => {
    const { carrier, sandbox } = given();
    const label = await carrier.buy(returnRequest(), intentMemo('R1'));
    expect(label).toMatchObject({ ref: expect.stringMatching(/^return\/\d+\/\d+$/), price: { minor: 650 }, document: { format: 'pdf' } });
    expect((await carrier.documents?.(label, 'png'))?.format).toBe('png');
    expect(sandbox.snapshot().labels).toMatchObject([{ isReturn: true, externalReference: 'R1' }]);
  });

  test('whose answer came and was not read yet is adopted by its id', async () => {
    const bench = given({ faults: (call) => (call === 2 ? 'drop-before' : null), carrier: { attempts: 1 } });
    const kept = intentMemo('R1');
    expect((await faultOf(bench.carrier.buy(returnRequest(), kept))).facts.outcome).toBe('unknown');
    expect((await decided(bench, returnRequest(), kept)).kind).toBe('found');
    expect(bench.sandbox.snapshot().labels.length).toBe(1);
  });

  test('whose answer was lost is seen in the list, and left to a person who is told its number', async () => {
    const bench = given();
    const kept = intentMemo('R1');
    bench.sandbox.trouble('broken-bought');
    await faultOf(bench.carrier.buy(returnRequest(), kept));
    const [made] = bench.sandbox.snapshot().labels;
    expect(await decided(bench, returnRequest(), kept)).toMatchObject({
      kind: 'cannot-tell',
      check: expect.stringContaining(made?.trackingNumber ?? 'none'),
    });
    expect(bench.sandbox.snapshot().labels.length).toBe(1);
  });

  test('that was not made is bought again when that is sure', async () => {
    const bench = given();
    const kept = intentMemo('R1');
    bench.sandbox.trouble('broken');
    await faultOf(bench.carrier.buy(returnRequest(), kept));
    expect((await decided(bench, returnRequest(), kept)).kind).toBe('absent');
    await bench.carrier.buy(returnRequest(), kept);
    expect(bench.sandbox.snapshot().labels.length).toBe(1);
  });

  test('is found in a list of many pages', async () => {
    const bench = given({ options: [back] });
    for (let nth = 1; nth <= 45; nth++) {
      await bench.carrier.buy(returnRequest(), intentMemo(`R${nth}`));
      await bench.clock.sleep(2_000);
    }
    expect(await bench.carrier.reconcile(returnRequest(), {}, intentMemo('R45'))).toMatchObject({ kind: 'cannot-tell' });
    expect(await bench.carrier.reconcile(returnRequest(), {}, intentMemo('R99'))).toEqual({ kind: 'absent' });
  });
});

test('a reference is the key where it is short and plain, else a hash of it; of each key there are as many as are needed', () => {
  expect(externalReferenceOf('SO42/buy-label/1')).toBe('SO42/buy-label/1');
  for (const odd of ['a key', 'k'.repeat(65), 'K~2', '']) expect(externalReferenceOf(odd)).toMatch(/^qm-[0-9a-f]{40}$/);
  expect([1, 2, 13].map((nth) => nthOf(externalReferenceOf('K', nth), 'K'))).toEqual([1, 2, 13]);
  expect(nthOf('K', 'L')).toBeNull();
});
