import { drawDay } from './draw-day.ts';
import { liveDay } from './live-day.ts';
import { mutations } from './mutation.ts';
for (const [name, mutation] of Object.entries(mutations).filter(([n]) => !process.argv[2] || process.argv[2].split(',').includes(n))) {
  let found = null;
  for (let seed = 1; seed <= 50 && found === null; seed++) {
    const { violations } = await liveDay(drawDay(seed), { mutation });
    if (violations.length > 0) {
      found = seed;
      console.log(name, 'found at', seed, violations[0]?.rule, violations[0]?.about);
    }
  }
  if (found === null) console.log(name, 'NOT FOUND');
}
