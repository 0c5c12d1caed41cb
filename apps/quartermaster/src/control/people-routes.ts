import {
  freezeOf,
  frozenWhat,
  listApprovals,
  listSchemas,
  maturityOf,
  regretReport,
  requestSchemas,
  settingsInForce,
} from '@quartermaster/flows';
import { epochMs, instantOf } from '@quartermaster/domain';
import { act, askedBy, bodyOf, carriedOut, orderNamed, pathPart, plain, queryOf, see, type Answering, type ControlRoute } from './route.ts';

/** How far the program is trusted: approvals, maturity, what overrides cost, and freezes. */
export function peopleRoutes({ flows, operations }: Answering): ControlRoute[] {
  const { journal } = flows;
  return [
    see('/approvals', async (context) => {
      const { order: about, ...query } = queryOf(context, listSchemas.approvals);
      const key = about === undefined ? undefined : await orderNamed(flows, about);
      return { approvals: plain(await journal.read((tx) => listApprovals(tx, { ...query, about: key }))) };
    }),
    act('/approvals/:approval/approve', 'operator', async (context, caller) => {
      const request = await bodyOf(context, requestSchemas.decide);
      return carriedOut(await operations.approve(askedBy(caller, request), { approval: pathPart(context, 'approval') }));
    }),
    act('/approvals/:approval/reject', 'operator', async (context, caller) => {
      const request = await bodyOf(context, requestSchemas.decide);
      return carriedOut(await operations.reject(askedBy(caller, request), { approval: pathPart(context, 'approval') }));
    }),
    see('/maturity', async () => {
      const asked = { settings: settingsInForce(flows.settings), now: flows.clock.now() };
      return { flows: plain(await journal.read((tx) => maturityOf(tx, asked))) };
    }),
    see('/regret', async (context) => {
      const { days } = queryOf(context, listSchemas.regret);
      const since = instantOf(epochMs(flows.clock.now()) - days * 86_400_000);
      return plain(await journal.read((tx) => regretReport(tx, since)));
    }),
    see('/freeze', async () => ({ freeze: await journal.read((tx) => freezeOf(tx, flows.clock.now())), frozen: frozenWhat })),
    act('/freeze', 'admin', async (context, caller) => {
      const { until, ...request } = await bodyOf(context, requestSchemas.freeze);
      return carriedOut(await operations.freezeChanges(askedBy(caller, request), { until }));
    }),
    act('/unfreeze', 'admin', async (context, caller) => {
      const request = await bodyOf(context, requestSchemas.decide);
      return carriedOut(await operations.unfreezeChanges(askedBy(caller, request), {}));
    }),
  ];
}
