import {readFileSync} from 'node:fs'; import {gunzipSync} from 'node:zlib';
import { parseProblem } from './src/problem.ts'; import { compile } from './src/compile.ts'; import { pricer } from './src/pricer.ts';import { shadowPrices } from './src/shadow-prices.ts'; import { withRoundingCuts, polishPrices } from './src/polish.ts'; import { contestedSkus, sweepStockPrices } from './src/ascent.ts'; import { lagrangianBound } from './src/bound.ts'; import { copyPrices } from './src/prices.ts';
const ub={'100-5-base':1081.7316,'100-5-scarce':1865.4197,'100-5-labor':1026.2197,'1k-10-base':9865.3138,'1k-10-scarce':20142.0815,'1k-10-labor':9523.2344,'10k-10-base':89330,'10k-10-scarce':161940,'/tmp/wave1.json':2928,'/tmp/wave7.json':10824,'/tmp/wave9.json':5652,'/tmp/wave6.json':9605};
for (const f of Object.keys(ub)) { if(process.argv[2]&&!f.match(process.argv[2])) continue; const p=parseProblem(JSON.parse((f.includes('/')?readFileSync(f):gunzipSync(readFileSync('/work/shared/data/sourcing/'+f+'.json.gz'))).toString()));
 const g=pricer(compile(p)); const r=shadowPrices(g,{sweeps:20}); let t=performance.now(); const G=(b)=>((ub[f]-b)/ub[f]*100).toFixed(3)+'%';
 console.log(f,'LP',G(r.bound)); let c={prices:withRoundingCuts(g.compiled,r.prices),bound:r.bound}; console.log('  cuts',[...c.prices.cutsOfRow.values()].flat().length);
 for(let k=0;k<4;k++){ c=polishPrices(g,c,ub[f],300,()=>false); console.log('  polish',G(c.bound),(performance.now()-t).toFixed(0)+'ms');
  const q=copyPrices(c.prices); sweepStockPrices(g,contestedSkus(g.compiled),q); const b=lagrangianBound(g,q); console.log('  sweep',G(b)); if(b>c.bound)c={prices:q,bound:b}; }
}
