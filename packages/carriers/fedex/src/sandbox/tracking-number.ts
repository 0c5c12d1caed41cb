/** A tracking number of FedEx's: eleven digits, and one that checks them. */
export function trackingNumberOf(number: number): string {
  const body = `7946${String(number).padStart(7, '0')}`;
  return `${body}${checkDigitOf(body)}`;
}

/** Whether the last digit checks the ones before it. */
export function isTrackingNumber(text: string): boolean {
  return /^\d{12}$/.test(text) && checkDigitOf(text.slice(0, 11)) === text.slice(11);
}

/** Digits count three times, once and seven times in turn; what is left by eleven, and of that by ten. */
function checkDigitOf(body: string): string {
  const sum = Array.from(body).reduce((total, digit, index) => total + Number(digit) * ([3, 1, 7][index % 3] ?? 0), 0);
  return String((sum % 11) % 10);
}
