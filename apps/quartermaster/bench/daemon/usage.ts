import type { Usage } from './messages.ts';

/** Measures this process from now on. */
export function startUsage(): () => Usage {
  const began = performance.now();
  const cpu = process.cpuUsage();
  const thread = process.threadCpuUsage();
  return () => {
    const all = process.cpuUsage(cpu);
    const main = process.threadCpuUsage(thread);
    return {
      cpuSeconds: (all.user + all.system) / 1e6,
      systemSeconds: all.system / 1e6,
      threadSeconds: (main.user + main.system) / 1e6,
      wallSeconds: (performance.now() - began) / 1_000,
      peakRssMb: process.resourceUsage().maxRSS / 1_024,
    };
  };
}
