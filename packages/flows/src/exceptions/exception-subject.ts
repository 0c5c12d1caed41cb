/** What an exception of an order is about: the order, or one shipment of it. */
export function exceptionSubject(orderKey: string, shipmentId: string | null): string {
  return shipmentId === null ? orderKey : `${orderKey}/shipment/${shipmentId}`;
}
