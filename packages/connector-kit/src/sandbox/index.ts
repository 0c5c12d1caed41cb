export { DroppedConnection, sandboxFetch, virtualClock, type SandboxApp } from './app.ts';
export { concurrentClock } from './concurrent-clock.ts';
export { randomFaults, seededRandom, withFaults, type FaultPlan, type SandboxFault } from './faults.ts';
export { intentMemo } from './intent-memo.ts';
export { documentTypes, sampleDocument } from './sample-document.ts';
export { serveApp, type ServedApp } from './serve.ts';
