/** 32 hexadecimal characters by which a call can be found in a vendor's logs, and which protect nothing. `random` gives numbers from 0 to below 1. */
export function callId(random: () => number): string {
  return Array.from({ length: 32 }, () => Math.floor(random() * 16).toString(16)).join('');
}
