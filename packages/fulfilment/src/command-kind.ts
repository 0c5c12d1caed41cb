/** What may be asked of the world outside; each becomes an intent of the flows, keyed by the order, the kind and what stands in the command. */
export const commandKinds = [
  'write-order',
  'allocate',
  'deallocate',
  'buy-label',
  'void-label',
  'ship',
  'confirm',
  'cancel-order',
  'change-address',
  'acknowledge',
  'capture',
  'cancel-in-channel',
  'refund',
] as const;
export type CommandKind = (typeof commandKinds)[number];
