/** A number of 22 digits as USPS gives (construct C01 of Publication 199): channel, service type, mailer id, serial number and a check digit. */
export function trackingNumberOf(given: { readonly serviceType: string; readonly mid: string; readonly serial: number }): string {
  const serialLength = 21 - 2 - 3 - given.mid.length;
  const digits = `93${given.serviceType}${given.mid}${String(given.serial).padStart(serialLength, '0')}`;
  return `${digits}${checkDigit(digits)}`;
}

/** Whether the last digit checks the others. */
export function isTrackingNumber(text: string): boolean {
  return /^\d{22}$/.test(text) && text.endsWith(checkDigit(text.slice(0, -1)));
}

/** Modulo ten: from the right, digits count three times and once in turn. */
function checkDigit(digits: string): string {
  const sum = Array.from(digits)
    .reverse()
    .reduce((total, digit, index) => total + Number(digit) * (index % 2 === 0 ? 3 : 1), 0);
  return String((10 - (sum % 10)) % 10);
}
