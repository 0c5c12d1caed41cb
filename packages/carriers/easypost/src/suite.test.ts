import { intentMemo } from '@quartermaster/connector-kit/sandbox';
import { carrierConformance, type CarrierBench, type CarrierSubject } from '@quartermaster/connector-kit/conformance';
import { ConnectorFault, isFault, type Carrier, type EffectMemo } from '@quartermaster/domain';
import { AssertionError } from 'node:assert';
import { describe, expect, test } from 'vitest';
import { easypostSubject } from './testing/subject.ts';

// The suite itself: carriers that are EasyPost's but for one vice, and the rules that find it.

type Vice = (carrier: Carrier, bench: CarrierBench) => Partial<Carrier>;

/** Forgets on every attempt what the one before learnt, and says of nothing that it happened. */
const buysBlindly: Vice = (carrier) => ({
  buy: (request, memo) => carrier.buy(request, { ...memo, refs: {} }),
  reconcile: async () => ({ kind: 'absent' }),
});

const keepsNoRefs: Vice = (carrier) => ({
  buy: (request, memo) => carrier.buy(request, { ...memo, saveRefs: async () => undefined }),
});

const keepsNoRawAnswer: Vice = (carrier) => ({ buy: (request, memo) => carrier.buy(request, { ...memo, saveRaw: async () => undefined }) });

const liesAboutAbsent: Vice = () => ({ reconcile: async () => ({ kind: 'absent' }) });

/** Takes every label for bought, which is how an order is never sent. */
const findsEverything: Vice = (carrier, { request }) => {
  let last: Awaited<ReturnType<Carrier['buy']>> | null = null;
  const keep = async (memo: EffectMemo) => (last ??= await carrier.buy(request, memo));
  return { reconcile: async (_request, _refs, memo) => ({ kind: 'found', result: await keep(memo) }) };
};

/** Quotes in its faults what `of` the bench says. */
function quotes(of: (bench: CarrierBench) => string): Vice {
  return (carrier, bench) => ({
    async buy(request, memo) {
      try {
        return await carrier.buy(request, memo);
      } catch (error) {
        if (!isFault(error)) throw error;
        throw new ConnectorFault(error.code, { ...error.facts, message: `${error.facts.message}: ${of(bench)}` });
      }
    },
  });
}

const paysAnything: Vice = (carrier) => ({ buy: (request, memo) => carrier.buy({ ...request, priceLimit: null }, memo) });

const saysVoidedAndDoesNothing: Vice = () => ({ voidLabel: async () => ({ kind: 'voided' }) });

const keepsARefusalToItself: Vice = (carrier) => ({
  async voidLabel(label, memo) {
    await carrier.voidLabel(label, memo);
    return { kind: 'accepted' };
  },
});

/** Believes whoever sends the words of an event, as if its signature were right. */
const believesEverybody: Vice = () => ({
  verifyWebhook: async () => ({ kind: 'genuine', deliveryId: 'evt', tracking: [] }),
});

const callsEveryCopyAnother: Vice = (carrier) => {
  let copies = 0;
  return {
    async verifyWebhook(rawBody, headers) {
      const verdict = await carrier.verifyWebhook?.(rawBody, headers);
      return verdict?.kind === 'genuine' ? { ...verdict, deliveryId: `copy ${(copies += 1)}` } : { kind: 'ping' };
    },
  };
};

const waitsForever: Vice = (carrier) => ({ rates: (request) => carrier.rates(request) });

const buysWhenAskedForRates: Vice = (carrier, bench) => ({
  async rates(request, signal) {
    await carrier.buy(bench.request, intentMemo('rated'));
    return carrier.rates(request, signal);
  },
});

const hidesAnUnknownNumber: Vice = (carrier) => ({
  tracking: {
    atMost: 1,
    track: async (numbers) => ((await carrier.tracking?.track(numbers)) ?? []).filter(({ problem }) => problem === null),
  },
});

const claimsWhatItHasNot: Vice = (carrier) => ({ capabilities: { ...carrier.capabilities, labelFormats: ['pdf'] }, manifest: null });

describe('the suite finds a carrier that', () => {
  test.each<[vice: string, rule: string, change: Vice]>([
    ['buys blindly', 'where answers do not arrive, one label is paid for and known, on 200 days', buysBlindly],
    ['buys blindly', 'whatever call fails and however, a label is bought once in the end', buysBlindly],
    ['buys blindly', 'where two workers have the same purchase in hand, one label is paid for and known, on 200 days', buysBlindly],
    [
      'does not keep what it learnt on its way',
      'where the vendor fails after its work, one label is paid for and known, on 200 days',
      keepsNoRefs,
    ],
    ['does not keep the raw answer', 'the raw answer of a purchase is kept before it is read', keepsNoRawAnswer],
    ['lies about what is absent', 'what was never bought is absent, and what was bought is found', liesAboutAbsent],
    ['finds what nobody bought', 'what was never bought is absent, and what was bought is found', findsEverything],
    [
      'shows its key in a fault',
      'no fault shows a secret, nor anything of the people that a parcel goes from and to',
      quotes(({ secrets }) => secrets.join()),
    ],
    [
      'shows a person in a fault',
      'no fault shows a secret, nor anything of the people that a parcel goes from and to',
      quotes(({ request }) => request.shipTo.name),
    ],
    ['pays whatever is asked', 'a label that costs more than its limit is not bought', paysAnything],
    ['says that a label was given back when it was not', 'a label that was given back is no label any more', saysVoidedAndDoesNothing],
    ['keeps a refusal to itself', 'a label that the carrier does not take back stays a label, with its reason', keepsARefusalToItself],
    ['believes webhooks of everybody', 'a webhook that comes without its proof is not believed', believesEverybody],
    ['believes a webhook that was changed', 'a webhook that somebody changed on its way is not believed', believesEverybody],
    [
      'takes every copy of a webhook for another',
      'a webhook about a parcel is taken for genuine, and every copy of it is one delivery',
      callsEveryCopyAnother,
    ],
    ['does not let go who has waited long enough', 'who has waited long enough for rates is let go', waitsForever],
    ['buys when it is asked for rates', 'asking for rates buys nothing', buysWhenAskedForRates],
    [
      'hides a number that it does not know',
      'a number that the carrier does not know is a problem of its own answer, and hides no other',
      hidesAnUnknownNumber,
    ],
    [
      'says that it has something else than it has',
      'what the carrier says it has is what it is held to, and what it lacks it does not have',
      claimsWhatItHasNot,
    ],
  ])('%s, by the rule: %s', async (_, rule, change) => {
    await expect(ruleOf(rule, withVice(change)).run()).rejects.toThrow(AssertionError);
  });
});

test('a carrier of which a rule was not kept leaves no record', async () => {
  const rule = ruleOf('the raw answer of a purchase is kept before it is read', withVice(keepsNoRawAnswer));
  await rule.run().catch(() => undefined);
  expect(rule.outcome()).toBe('broken');
});

function withVice(change: Vice): CarrierSubject {
  return {
    ...easypostSubject,
    async open(given) {
      const bench = await easypostSubject.open(given);
      return { ...bench, carrier: { ...bench.carrier, ...change(bench.carrier, bench) } };
    },
  };
}

function ruleOf(title: string, subject: CarrierSubject) {
  const rule = carrierConformance(subject).find((each) => each.title === title);
  if (rule === undefined) throw new RangeError(`the suite has no rule: ${title}`);
  return rule;
}
