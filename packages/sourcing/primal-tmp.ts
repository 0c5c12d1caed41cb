import {readFileSync} from 'node:fs'; import {gunzipSync} from 'node:zlib';
import { parseProblem } from './src/problem.ts'; import { compile } from './src/compile.ts'; import { pricer } from './src/pricer.ts';import { shadowPrices } from './src/shadow-prices.ts'; import {construct} from './src/construct.ts'; import {reoptimizeOrders,ejectionChains} from './src/improve.ts'; import {rebuildNeighbourhoods} from './src/rebuild.ts'; import {contestedSkus} from './src/ascent.ts'; import {draftCost,draftOf} from './src/draft.ts';
const opt={'100-5-base':1081.7316,'100-5-scarce':1865.4197,'100-5-labor':1026.2197,'1k-10-base':9865.3138,'1k-10-scarce':20142.0815,'1k-10-labor':9523.2344,'10k-10-base':89266.4};
for (const f of process.argv.slice(2)) { const p=parseProblem(JSON.parse(gunzipSync(readFileSync('/work/shared/data/sourcing/'+f+'.json.gz')).toString()));
 let t=performance.now(); const lap=(what,c,b)=>{const n=performance.now();console.log('  ',what,c.toFixed(3),'gap',((c-b)/c*100).toFixed(3)+'%', opt[f]?'over opt '+((c-opt[f])/c*100).toFixed(3)+'%':'',(n-t).toFixed(0)+'ms');t=performance.now()}; console.log(f);
 const g=pricer(compile(p)); const r=shadowPrices(g,{sweeps:20}); lap('bound',r.bound,r.bound);
 const d=construct(g,r.prices); lap('construct',draftCost(d),r.bound); reoptimizeOrders(d,6); lap('1opt',draftCost(d),r.bound);
 for(let i=0;i<4;i++){ const x=ejectionChains(d,r.prices,{depth:8,width:40},()=>false); lap('chains',draftCost(d),r.bound); reoptimizeOrders(d,3); lap('1opt',draftCost(d),r.bound); if(!x)break; }
 for(const orders of [6,10,16]) { for (let k=0;k<2;k++){rebuildNeighbourhoods(d,r.prices,contestedSkus(g.compiled),{rounds:p.orders.length>2000?10000:4000,orders},()=>false); lap('rebuild '+orders,draftCost(d),r.bound);} }
 console.log('  check', draftCost(draftOf(g,d.plans)).toFixed(6));
}
