import { eventCatalogue, operationEvents, orderEvents, orderHappenings } from '@quartermaster/flows';
import { join } from 'node:path';
import { expect, test } from 'vitest';

// The page on events is written from the catalogue: `npx vitest run --dir tools events -u` after a change of it.
test('the page on events is what the catalogue says', async () => {
  const rows = [
    ...Object.entries(eventCatalogue).map(([name, told]) => rowOf(name, told)),
    rowOf(`order.*`, orderEvents),
    rowOf(`operation.*`, operationEvents),
  ].toSorted();
  const page = `${head}\n${rows.join('\n')}\n\n${tail}`;
  await expect(page).toMatchFileSnapshot(join(import.meta.dirname, '../docs/events.md'));
});

function rowOf(name: string, { level, says, fields }: { readonly level: string; readonly says: string; readonly fields: object }): string {
  const listed = Object.entries(fields).map(([field, kind]) => `\`${field}\` ${kind}`);
  return `| \`${name}\` | ${level} | ${says} | ${listed.join(', ')} |`;
}

const head = `# Events

What \`qm run\` writes to standard output: one JSON object a line, \`{ "at", "level", "event", ... }\`. The list is closed (\`packages/flows/src/events.ts\`), and this page is written from it; a test compares. \`"log": { "level": "warn" }\` in the config leaves
out what is less (\`debug\`, \`info\`, \`warn\`, \`error\`; default \`info\`).

Only the fields below leave the process, each in the form of its kind; what has another form is written as \`•••\`, what is not known as \`null\`. No kind can hold a vendor's sentence, a name or an address; the sentence behind a \`code\` is with the
exception (\`qm exceptions\`) or the intent (\`qm intents\`). Secrets of the config are taken out wherever they stand.

| kind | form |
|---|---|
| connection | id of the config |
| key | of an order, an intent, a lease, a step: percent-encoded parts |
| word | a code, a state, a kind, a vendor's id of a request |
| caller | name of a token of the config |
| number, numbers | a number; numbers by word. \`Ms\` in a name says milliseconds, \`Minor\` minor units of the currency |
| instant | ISO 8601 in UTC |
| address | of a listener of ours |
| place | in our source, \`file:line:column\` |
| modes | words by connection |
| words | a sentence of our own; mail addresses, long numbers and what stands in quotes are taken out |

| event | level | what it says | fields |
|---|---|---|---|`;

const tail = `\`order.*\` is one of ${orderHappenings.map((happening) => `\`${happening}\``).join(', ')}. \`operation.*\` is an [operation](operating.md) such as \`hold\`.
`;
