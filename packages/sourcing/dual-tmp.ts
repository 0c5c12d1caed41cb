import {readFileSync} from 'node:fs'; import {gunzipSync} from 'node:zlib';
import { parseProblem } from './src/problem.ts'; import { compile } from './src/compile.ts'; import { pricer } from './src/pricer.ts';import { shadowPrices } from './src/shadow-prices.ts';
const target={'100-5-base':1078.9,'100-5-scarce':1863.6,'100-5-labor':1018.5,'1k-10-base':9838.7,'1k-10-scarce':20096.3,'1k-10-labor':9508.9,'10k-10-base':89062,'10k-10-scarce':161019,'10k-10-labor':89801};
for (const f of process.argv.slice(2)) { const p=parseProblem(JSON.parse(gunzipSync(readFileSync('/work/shared/data/sourcing/'+f+'.json.gz')).toString()));
for (const sweeps of [10,20,40]) { const t=performance.now(); const g=pricer(compile(p)); const r=shadowPrices(g,{sweeps}); console.log(f,sweeps, r.bound.toFixed(3), 'LP', target[f], (100*(target[f]-r.bound)/target[f]).toFixed(4)+'%', (performance.now()-t).toFixed(0)+'ms', [...r.prices.labor].map(x=>x.toFixed(3)).join(' ')); }
}
