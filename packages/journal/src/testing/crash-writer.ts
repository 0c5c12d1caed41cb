import { writeSync } from 'node:fs';
import { openJournal } from '../journal.ts';
import { intent, masterKey, noon, shop, stoppedClock } from './givens.ts';

/**
 * A program to be killed: writes one fact after the other into the journal of its first argument, beginning at the number of its second, and prints each number once its
 * transaction is acknowledged. It never stops by itself.
 */
const [, , path = '', first = '1'] = process.argv;
const journal = await openJournal({ path, masterKey, clock: stoppedClock });
for (let number = Number(first); ; number += 1) {
  const key = `intent ${number}`;
  await journal.transaction(async (tx) => {
    await tx.inbox.add({
      scope: shop,
      kind: 'order',
      vendorId: String(number),
      revision: '1',
      subject: 'p1',
      body: { number },
      receivedAt: noon,
    });
    await tx.intents.add(intent(key));
    await tx.vault.put(`person ${number}`, 'name', key);
    await tx.audit.append({ at: noon, actor: 'writer', event: 'order.arrived', key });
    await tx.cursors.set(shop, 'orders', { number });
  });
  writeSync(1, `${number}\n`);
}
