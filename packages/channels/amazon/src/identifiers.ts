/** Whether a text can be the id of an Amazon order (`171-9876543-2109876`): of another one Amazon need not be asked. */
export function isOrderId(text: string): boolean {
  return /^[A-Z0-9]{3}-\d{7}-\d{7}$/.test(text);
}
