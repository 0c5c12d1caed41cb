import type { Engine } from '../engine.ts';
import type { Scene } from './scene.ts';

/** The engine of a day on which somebody counts in the ERP after a wave has read the stock: what was reserved is then less than the wave gave away. */
export function countedMeanwhile(scene: Scene, counted: Parameters<Scene['odoo']['setStock']>[0]): Engine {
  const { erp } = scene.context;
  return scene.restart({
    erp: {
      ...erp,
      async stock(query) {
        const positions = await erp.stock(query);
        scene.odoo.setStock(counted);
        return positions;
      },
    },
  });
}
