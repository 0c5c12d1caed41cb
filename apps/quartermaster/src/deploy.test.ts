import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { loadConfig } from './config.ts';

// What `deploy/` starts the daemon with, against the daemon. No container runs here: compose and image are compared by their text.

const root = join(import.meta.dirname, '../../..');
const at = (name: string) => join(root, 'apps/quartermaster/deploy', name);
const read = (name: string) => readFileSync(at(name), 'utf8');
const unit = new Map(
  read('quartermaster.service')
    .split('\n')
    .flatMap((line) => {
      const [, key, value] = /^(\w+)=(.*)$/.exec(line) ?? [];
      return key === undefined || value === undefined ? [] : [[key, value] as const];
    }),
);
const { config } = loadConfig(at('quartermaster.json'));

/** Three attempts of a call at 30 seconds each, and the longest pause between them that a vendor may ask for, twice. */
const longestCallSeconds = 3 * 30 + 2 * 60;

test('the config of the containers is one that the daemon takes, and everything in it only observes', () => {
  expect([config.odoo, ...config.channels, ...config.carriers].map(({ mode }) => mode)).toEqual(['observe', 'observe', 'observe']);
  expect(config.journal.postgres).toBeDefined();
});

test('every secret that it names is given to the container, and is no secret of the repository', () => {
  const named = [...read('quartermaster.json').matchAll(/\/run\/secrets\/(\w+)/g)].map(([, name = '']) => name);
  const given = /secrets: \[(journal_url[^\]]*)\]/.exec(read('compose.yaml'))?.[1]?.split(', ') ?? [];

  expect([...new Set(named)].toSorted()).toEqual(given.toSorted());
  expect(existsSync(at('secrets'))).toBe(false);
});

test('image and compose publish the ports that the daemon listens on, and only to this machine', () => {
  const ports = [config.statusPage.port, config.control?.port, config.webhooks?.port];
  const compose = read('compose.yaml');

  expect(read('Containerfile')).toContain(`EXPOSE ${ports.join(' ')}`);
  for (const port of ports) expect(compose).toMatch(new RegExp(`'127\\.0\\.0\\.1:\\d+-\\d+:${port}'`));
  expect(compose.match(/- '(?!127\.0\.0\.1:)[\d.:-]+'/g)).toBeNull();
});

test('the daemon answers to the names that Prometheus calls it by', () => {
  const targets = [...read('prometheus.yml').matchAll(/- ([\w-]+):(\d+)/g)];

  expect(targets.length).toBe(3);
  for (const [, name, port] of targets) {
    expect(config.control?.hosts).toContain(name);
    expect(Number(port)).toBe(config.control?.port);
  }
});

test('unit, image and compose start what there is, and ask the route that tells of life', () => {
  const started = /\/opt\/quartermaster\/(\S+) run/.exec(unit.get('ExecStart') ?? '')?.[1] ?? '';

  expect(existsSync(join(root, started))).toBe(true);
  expect(read('Containerfile')).toContain(`ENTRYPOINT ["node", "${started}"]`);
  expect(read('Containerfile')).toContain(`http://127.0.0.1:${config.control?.port}/livez`);
});

test('whoever stops it waits at least as long as the longest call may take', () => {
  expect(unit.get('KillSignal')).toBe('SIGTERM');
  expect(Number(unit.get('TimeoutStopSec'))).toBeGreaterThanOrEqual(longestCallSeconds);
  expect(read('compose.yaml')).toContain('stop_grace_period: 4m');
});

test('every service that is waited for says when it is well', () => {
  const services = read('compose.yaml').split(/^ {2}(?=[a-z-]+:$)/m);
  const waitedFor = [...read('compose.yaml').matchAll(/^ {6}([a-z-]+):\n {8}condition: service_healthy$/gm)].map(([, name]) => name);

  expect(new Set(waitedFor)).toEqual(new Set(['odoo-db', 'odoo', 'journal-db']));
  for (const name of waitedFor) expect(services.find((service) => service.startsWith(`${name}:`))).toContain('healthcheck:');
});
