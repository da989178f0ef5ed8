import { plan, requests } from "../stack";
import type { Chapter } from "../step";

/** Settings for each environment, which `AksWebservice.deployConfiguration` checks before anything is deployed. */
export const environments: Chapter = [
  {
    title: "A component with settings for each environment: examples/environments",
    async run(tour) {
      tour.useExampleCode("environments");
      await tour.configure({ computeTargetName: "aks-prod" });
      const up = await tour.up();
      tour.check("the component and its service are made", plan(up), ["fraud: create", "fraud: create"]);
      const [service] = await tour.workspace().services();
      tour.check("named for the stack", service?.name, "fraud-demo");
      tour.check("with the settings of its environment", service?.numReplicas, 1);
    },
  },
  {
    title: "A mistake in the settings of another environment",
    async run(tour) {
      tour.edit("environment.ts", "cpuCoresLimit: 2", "cpuCoresLimit: 0.2");
      const preview = await tour.preview({ fails: true });
      tour.checkText("the preview says what is wrong", preview.text, /cpuCoresLimit[^]*cpuCores/);
      tour.check("and asks the workspace nothing", requests(preview), []);
      tour.edit("environment.ts", "cpuCoresLimit: 0.2", "cpuCoresLimit: 2");
      await tour.destroy();
    },
  },
];
