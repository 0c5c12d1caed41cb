import { describe, expect, test } from 'vitest';
import { settings } from '../testing/givens.ts';
import { definePolicy, readPolicy } from './policy-file.ts';
import { canonicalJson, policyStamp } from './policy-hash.ts';
import { policySections } from './policy-sections.ts';

const peak = definePolicy({ version: 1, name: 'peak-2026', waves: ['11:00'], checks: { reviewAbove: { EUR: '500.00' } } });

describe('a policy', () => {
  test('says what its sections are, and nothing of those that it leaves out', () => {
    expect(readPolicy(peak)).toEqual({
      kind: 'read',
      name: 'peak-2026',
      sections: { waves: ['11:00'], checks: { reviewAbove: { EUR: '500.00' } } },
    });
  });

  test('is refused with the path of every wrong field, also of one that does not exist', () => {
    const wrong = { version: 1, name: 'peak', waves: ['25:00'], checks: { reviewAbove: { EUR: 500 }, payments: true }, carriers: [] };

    const read = readPolicy(wrong);

    expect(read).toMatchObject({ kind: 'wrong' });
    expect(read.kind === 'wrong' ? read.problems.map(({ field }) => field).sort() : []).toEqual([
      'carriers',
      'checks.payments',
      'checks.reviewAbove.EUR',
      'waves[0]',
    ]);
  });

  test('without a version, of another version, or without a name is refused', () => {
    for (const given of [{ name: 'peak' }, { version: 2, name: 'peak' }, { version: 1 }, 'peak', null])
      expect(readPolicy(given)).toMatchObject({ kind: 'wrong' });
  });

  test('has sections that are all settings of the flows', () => {
    expect(Object.keys(settings())).toEqual(expect.arrayContaining([...policySections]));
  });
});

describe('the hash of a policy', () => {
  test('is the same whatever it is called, in whatever order it was written, and whether defaults are said or not', () => {
    const said = settings();
    const { owners, checks, ...rest } = said;
    const other = { ...rest, checks: { ...checks, trustTerms: true }, owners, policy: { name: 'another', sections: [] } };

    expect(policyStamp(other)).toEqual({ name: 'another', hash: policyStamp(said).hash });
    expect(policyStamp(said).hash).toMatch(/^[0-9a-f]{64}$/);
  });

  test('is another when anything of it is another, and not when what is no policy is', () => {
    const given = settings();

    expect(policyStamp({ ...given, waves: ['11:00'] }).hash).not.toBe(policyStamp(given).hash);
    expect(policyStamp({ ...given, owners: { '*': 'mia' } }).hash).not.toBe(policyStamp(given).hash);
    expect(policyStamp({ ...given, company: 'us', channels: [] }).hash).toBe(policyStamp(given).hash);
  });

  test('is of JSON with its keys in order, at every depth', () => {
    expect(canonicalJson({ b: [{ d: 1, c: undefined }], a: { z: null, y: 'é' } })).toBe('{"a":{"y":"é","z":null},"b":[{"d":1}]}');
  });
});
