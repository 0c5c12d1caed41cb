/** As faults, events and documents name this connector. */
export const connectorName = 'ebay';
