import { changes, plan, requests } from "../../../test/harness/operation";
import { score } from "../../../test/harness/workspace";
import type { Chapter } from "../step";

/** What a program leaves out is not managed. */
export const settings: Chapter = [
  {
    title: "Take memoryGb out of the program",
    async run(tour) {
      tour.useOwnProgram();
      await tour.change({ memoryGb: undefined });
      const up = await tour.up();
      tour.check("it is recorded", plan(up).length, 1);
      tour.check("nothing is sent", requests(up), []);
      tour.checkText("the line says that it stays", up.text, "memoryGb is no longer managed; 1 stays");
    },
  },
];

/** The service never changes the value of a property. */
export const properties: Chapter = [
  {
    title: "Change a property's value: refused before anything is sent",
    async run(tour) {
      await tour.change({ properties: { team: "fraud", cost: "12" } });
      const preview = await tour.preview({ fails: true });
      tour.checkText("it says which value cannot change", preview.text, /team[^]*risk[^]*fraud/);
      tour.checkText("and what to do", preview.text, "replaceOnPropertyChange");
      tour.check("nothing is sent", requests(preview), []);
    },
  },
  {
    title: "The same with replaceOnPropertyChange: replaced",
    async run(tour) {
      const before = await tour.outputs();
      await tour.change({ replaceOnPropertyChange: true });
      const up = await tour.up();
      tour.check("the old service is deleted first, since the name stays", plan(up).map(opOf), [
        "delete-replaced",
        "replace",
        "create-replacement",
      ]);
      tour.checkText("the line says why", up.text, "Replaced because of properties");
      tour.check("one service goes, one comes", changes(up), ["DELETE services/fraud", "POST services"]);
      const after = await tour.outputs();
      tour.check("its generated key is another one", after.primaryKey === before.primaryKey, false);
      const answer = await score(after.scoringUri, after.primaryKey, {});
      tour.check("and it answers", answer.status, 200);
    },
  },
];

/** The operation in `fraud: replace properties`. */
const opOf = (step: string): string => step.split(" ")[1] as string;

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

/** Key and token authentication exclude each other, and turning one off must not leave the endpoint open. */
export const authentication: Chapter = [
  {
    title: "From keys to tokens",
    async run(tour) {
      const { scoringUri, primaryKey } = await tour.outputs();
      await tour.change({ tokenAuthEnabled: true });
      const up = await tour.up();
      tour.check("one PATCH goes out", changes(up), ["PATCH services/fraud"]);
      tour.check("the key no longer opens it", (await score(scoringUri, primaryKey, {})).status, 401);
      const token = await tour.workspace().scoringToken("fraud");
      tour.keepSecret("scoring token", token);
      tour.check("a token does", (await score(scoringUri, token, {})).status, 200);
    },
  },
  {
    title: "And back to keys",
    async run(tour) {
      await tour.change({ tokenAuthEnabled: false });
      const up = await tour.up();
      tour.check("one PATCH goes out", changes(up), ["PATCH services/fraud"]);
      const { scoringUri, primaryKey } = await tour.outputs();
      tour.check("a key opens it again", (await score(scoringUri, primaryKey, {})).status, 200);
      tour.check("nobody gets in without one", (await score(scoringUri, "", {})).status, 401);
    },
  },
];
