export { newSchema, replicasOf } from './postgres-schemas.ts';
export { stopTimeoutMs, testServer, tidyUp, type TestServer } from './postgres-server.ts';
export { sharedMemory, type SharedMemory } from './shared-memory.ts';
