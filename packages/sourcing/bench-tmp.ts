import { parseProblem, parsePlan, solve, nearestFirst, verifyPlan } from '@quartermaster/sourcing';
import {readFileSync, writeFileSync} from 'node:fs'; import {gunzipSync} from 'node:zlib'; import {createHash} from 'node:crypto';
import { verify } from '/work/shared/tools/sourcing-verify.mjs';
import { lowerBound } from '/work/shared/tools/sourcing-certify.mjs';
const args = process.argv.slice(2); const useGlpk = args[0]==='glpk'; if (args[0]==='glpk'||args[0]==='none') args.shift();
const solver = useGlpk ? await (await import('@quartermaster/solver-glpk')).glpkSolver() : undefined;
const log = process.env.VERBOSE ? (p) => console.log('   ', (performance.now()/1000).toFixed(2), p.stage, p.cost.toFixed(3), p.bound.toFixed(3), ((p.cost-p.bound)/p.cost*100).toFixed(3)+'%') : undefined;
for (const f of args) {
  const raw = f.includes('/') ? readFileSync(f) : gunzipSync(readFileSync('/work/shared/data/sourcing/'+f+'.json.gz'));
  const json = JSON.parse(raw.toString()); const problem = parseProblem(json);
  const t=process.cpuUsage(), w=performance.now(); const r = await solve(problem, { solver, onProgress: log, ...(process.env.WORK?{workLimit:+process.env.WORK}:{}) }); const u=process.cpuUsage(t), wall=(performance.now()-w)/1000;
  const plan = JSON.parse(JSON.stringify(r.plan)); const v = verify(json, plan); const own = verifyPlan(problem, parsePlan(plan));
  const skip = problem.orders.length>20000; const lb = skip? NaN: lowerBound(json, plan.certificate);
  console.log(f, r.method, 'cost', r.cost.total.toFixed(4), 'bound', r.bound.toFixed(4), 'cert', r.certifiedBound.toFixed(4), 'gap', (100*r.gap).toFixed(4)+'%', 'certgap', (100*(r.cost.total-r.certifiedBound)/r.cost.total).toFixed(4)+'%', 'cpu', ((u.user+u.system)/1e6).toFixed(2), 'wall', wall.toFixed(2),
   'ok', v.feasible && own.feasible, 'agree', Math.abs(v.cost.total-r.cost.total)<1e-6*Math.max(1,r.cost.total) && (skip || Math.abs(lb-r.certifiedBound)<=1e-6*Math.max(1,Math.abs(lb))), 'rss', (process.memoryUsage().rss/1e6|0), createHash('md5').update(JSON.stringify(r.plan)).digest('hex').slice(0,8));
  if (!v.feasible||!own.feasible) console.log(v.errors.slice(0,3), own.errors.slice(0,3)); console.log('   ', r.reasons.join(' | '));
  if (process.env.BASE) { const b = nearestFirst(problem); const bv=verify(json,b.plan); console.log('   baseline', bv.feasible, b.cost.total.toFixed(2), bv.cost.total.toFixed(2), bv.errors.slice(0,3)); }
}
