/** Name of this connector in faults and events. */
export const connectorName = 'walmart';
