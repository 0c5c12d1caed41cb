import { policySchemaDocument } from '@quartermaster/flows';
import { join } from 'node:path';
import { expect, test } from 'vitest';

// The schema is written from the sections of the settings: `npx vitest run --dir tools policy-schema -u` after a change of one.
test('the published JSON schema of a policy is what the program reads', async () => {
  const text = `${JSON.stringify(policySchemaDocument(), null, 2)}\n`;
  await expect(text).toMatchFileSnapshot(join(import.meta.dirname, '../docs/policy.schema.json'));
});
