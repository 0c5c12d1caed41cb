/** A tracking number of UPS's: `1Z`, account, service and number, and a digit that checks them. */
export function trackingNumberOf(given: { readonly account: string; readonly service: string; readonly number: number }): string {
  const body = `${given.account}${given.service.padStart(2, '0').slice(0, 2)}${String(given.number).padStart(7, '0')}`.toUpperCase();
  return `1Z${body}${checkDigitOf(body)}`;
}

/** Whether the last digit checks the ones before it. */
export function isTrackingNumber(text: string): boolean {
  return /^1Z[0-9A-Z]{15}\d$/.test(text) && checkDigitOf(text.slice(2, 17)) === text.slice(17);
}

/** Letters count as A 2, B 3, ... H 9, I 0; characters at even places count twice. */
function checkDigitOf(body: string): string {
  const sum = Array.from(body).reduce((total, character, index) => {
    const value = /\d/.test(character) ? Number(character) : (character.charCodeAt(0) - 63) % 10;
    return total + (index % 2 === 0 ? value : 2 * value);
  }, 0);
  return String((10 - (sum % 10)) % 10);
}
