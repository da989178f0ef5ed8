import { changes } from "../stack";
import type { Chapter } from "../step";

/** Autoscaling and a fixed number of replicas exclude each other. */
export const replicas: Chapter = [
  {
    title: "From autoscaling to two fixed replicas",
    async run(tour) {
      await tour.change({ autoscaleMaxReplicas: undefined, numReplicas: 2 });
      const up = await tour.up();
      tour.check("one PATCH goes out", changes(up), ["PATCH services/fraud"]);
      tour.check("autoscaling has ended", await scaling(tour), { autoscales: false, numReplicas: 2 });
    },
  },
  {
    title: "And back to autoscaling",
    async run(tour) {
      await tour.change({ autoscaleMaxReplicas: 5, numReplicas: undefined });
      const up = await tour.up();
      tour.check("one PATCH goes out", changes(up), ["PATCH services/fraud"]);
      tour.check("the service follows the load again", (await scaling(tour)).autoscales, true);
    },
  },
];

interface Scaled {
  readonly autoScaler: { readonly autoscaleEnabled: boolean };
  readonly numReplicas: number;
}

async function scaling(tour: Parameters<Chapter[number]["run"]>[0]) {
  const [service] = (await tour.workspace().services()) as unknown as readonly [Scaled];
  return { autoscales: service.autoScaler.autoscaleEnabled, numReplicas: service.numReplicas };
}
