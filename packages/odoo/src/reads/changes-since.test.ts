import { expect, test } from 'vitest';
import { connectOdoo } from '../client/client.ts';
import { everyVersion } from '../models/curated/every-version.ts';
import { typedOdoo } from '../models/typed-odoo.ts';
import { optionsFor, shopFloor } from '../testing/shop-floor.ts';
import { fromTheBeginning } from './change-cursor.ts';
import { changesSince } from './changes-since.ts';

test('a changed record that is not as its types say is a fault that names the field, as in any other read', async () => {
  const options = optionsFor(shopFloor(19));
  const spoilt: typeof fetch = async (input, init) => {
    const answer = await options.fetch(input, init);
    if (!(input instanceof Request ? input.url : String(input)).endsWith('/res.partner/search_read')) return answer;
    return new Response((await answer.text()).replaceAll(/"name":"[^"]*"/g, '"name":5'), answer);
  };
  const odoo = typedOdoo(await connectOdoo({ ...options, fetch: spoilt }), everyVersion);
  await expect(changesSince(odoo, 'res.partner', fromTheBeginning, [], ['name']).next()).rejects.toMatchObject({
    code: 'malformed-reply',
    message: expect.stringContaining('0.name'),
  });
});
