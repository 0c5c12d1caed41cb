/** A tracking number without blanks and signs, in capitals; null when nothing is left. Carriers print the same number with and without spaces, and Excel adds an apostrophe. */
export function normalTrackingNumber(text: string): string | null {
  const number = text.toUpperCase().replaceAll(/[^A-Z0-9]/g, '');
  return number === '' ? null : number;
}

/** A reference as it is compared: `wh/out/00017 ` is `WH/OUT/00017`. Null when nothing is left. */
export function normalReference(text: string): string | null {
  const reference = text.trim().toUpperCase().replaceAll(/\s+/g, ' ');
  return reference === '' ? null : reference;
}

/** A zone as it is compared: UPS prints `004` on invoices where its rates say `4`. */
export function normalZone(text: string): string {
  return text
    .trim()
    .toUpperCase()
    .replace(/^0+(?=.)/, '');
}
