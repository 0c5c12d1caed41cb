import {readFileSync} from 'node:fs'; import {gunzipSync} from 'node:zlib';
import { parseProblem } from './src/problem.ts'; import { compile } from './src/compile.ts'; import { pricer } from './src/pricer.ts';import { shadowPrices } from './src/shadow-prices.ts'; import { plansWithin } from './src/enumerate.ts';
const opt={'100-5-base':1081.7316,'100-5-scarce':1865.4197,'100-5-labor':1026.2197,'1k-10-base':9865.3138,'1k-10-scarce':20142.0815,'1k-10-labor':9523.2344};
for (const f of Object.keys(opt)) { const p=parseProblem(JSON.parse(gunzipSync(readFileSync('/work/shared/data/sourcing/'+f+'.json.gz')).toString()));
 const g=pricer(compile(p)); const r=shadowPrices(g,{sweeps:20}); const t=performance.now();
 for (const share of [1,0.5,0.25]) { let n=0,fixed=0; for(let o=0;o<g.compiled.orderCount;o++){const c=plansWithin(g,o,r.prices,(opt[f]+0.01-r.bound)*share,100000); if(c.length===1)fixed++; n+=c.length} console.log(f,'slack',((opt[f]-r.bound)*share).toFixed(2),'columns',n,'fixed orders',fixed,(performance.now()-t).toFixed(0)); }
}
