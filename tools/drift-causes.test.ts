import { driftCauseNames, driftCauses } from '@quartermaster/flows';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';

const page = readFileSync(join(import.meta.dirname, '../docs/reconcile.md'), 'utf8');
const rows = [...page.matchAll(/^\| `([a-z-]+)` \| (.+?) \| .+ \| .+ \| (.+?) \|$/gm)].map(([, cause, meaning, next]) => ({
  cause,
  meaning,
  next,
}));

test('the page on reconciling names every cause and no other, as the program does', () => {
  expect(rows).toEqual(driftCauseNames.map((cause) => ({ cause, meaning: driftCauses[cause].meaning, next: driftCauses[cause].next })));
});
