import { flowSettings, loadConfig, parseConfig } from './config.ts';
import { policyStamp } from '@quartermaster/flows';
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, describe, expect, test } from 'vitest';
import { initCommand } from './commands/init.ts';
import { serviceSkus } from './connect.ts';
import { loadPolicy } from './policy-file.ts';
import { temporaryFolder } from './testing/processes.ts';

const folder = temporaryFolder();
afterAll(() => folder.remove());
const at = (name: string) => join(folder.path, name);
const silent = { out: () => undefined, err: () => undefined, live: false };

const yaml = `
version: 1
name: peak
# Not rounded, not guessed: what looks like a time or a word stays one.
waves: ['09:30', 16:00]
checks:
  reviewAbove: { EUR: '500.00' }
owners: { '*': mia, payment: no }
`;
const peak = {
  version: 1,
  name: 'peak',
  waves: ['09:30', '16:00'],
  checks: { reviewAbove: { EUR: '500.00' } },
  owners: { '*': 'mia', payment: 'no' },
};

function written(name: string, text: string): string {
  writeFileSync(at(name), text);
  return at(name);
}

describe('a policy file', () => {
  test('may be YAML, JSON or a TypeScript module, and says the same in each', () => {
    const { version: _version, name, ...sections } = peak;
    const files = [
      written('peak.yaml', yaml),
      written('peak.json', JSON.stringify(peak)),
      written('peak.ts', `type Policy = { name: string };\nexport const policy: Policy = ${JSON.stringify(peak)} as Policy;\n`),
    ];

    for (const file of files) expect(loadPolicy(file)).toEqual({ kind: 'read', name, sections });
  });

  test('that is wrong is refused with the file and the path of the field', () => {
    expect(() => loadPolicy(written('wrong.yaml', 'version: 1\nname: wrong\nchecks:\n  reviewAbov: { EUR: "1.00" }\n'))).toThrow(
      /wrong\.yaml: the policy is not right\.\n {2}checks\.reviewAbov: there is no such field/,
    );
  });

  test('in which a key stands twice is refused with the line', () => {
    expect(() => loadPolicy(written('twice.yaml', "version: 1\nname: twice\nwaves: ['11:00']\nwaves: ['12:00']\n"))).toThrow(
      /unique at line 4/,
    );
  });

  test('that does not exist, or a module without a policy, is refused with what to do', () => {
    expect(() => loadPolicy(at('nowhere.yaml'))).toThrow(/cannot be read \(ENOENT\)\. 'qm init' writes one/);
    expect(() => loadPolicy(written('empty.ts', 'export const rules = 1;\n'))).toThrow(
      /exports no 'policy'; write: export const policy = definePolicy/,
    );
  });
});

describe('a config', () => {
  test("of 'qm init' has a policy file beside it, and runs under it", () => {
    initCommand({ config: at('quartermaster.json'), json: false }, silent);

    const { config } = loadConfig(at('quartermaster.json'));

    expect(readFileSync(at('policy.yaml'), 'utf8')).toContain('name: first');
    expect(config.policy).toEqual({ name: 'first', sections: ['waves', 'checks', 'safetyStock', 'owners'] });
    expect(config.waves).toEqual(['11:00', '14:00', '16:00']);
    expect(config.checks.reviewAbove).toEqual({ EUR: '2000.00' });
    expect(policyStamp(flowSettings(config, serviceSkus))).toMatchObject({ name: 'first' });
  });

  test('that says a section which its policy says as well is refused with the name of the section', () => {
    const json: unknown = JSON.parse(readFileSync(at('quartermaster.json'), 'utf8'));
    writeFileSync(at('twice.json'), JSON.stringify({ ...Object(json), safetyStock: { default: 2 }, sourcing: {} }));

    expect(() => loadConfig(at('twice.json'))).toThrow(
      / {2}safetyStock: stands in the config and in .*policy\.yaml; say it in one of them$/,
    );
  });

  test('may hold its policy itself, or say the sections as before', () => {
    const { policy: _path, ...rest } = JSON.parse(readFileSync(at('quartermaster.json'), 'utf8'));
    const inside = parseConfig({ ...rest, policy: peak }, 'a config');
    const { version: _version, name: _name, ...sections } = peak;
    const before = parseConfig({ ...rest, ...sections }, 'a config');

    const stamps = [inside, before].map((config) => policyStamp(flowSettings(config, serviceSkus)));
    expect(stamps.map(({ name }) => name)).toEqual(['peak', 'inline']);
    expect(new Set(stamps.map(({ hash }) => hash)).size).toBe(1);
  });
});
