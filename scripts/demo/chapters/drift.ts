import { changes, plan } from "../stack";
import type { Chapter } from "../step";

const edit = { op: "replace", path: "/containerResourceRequirements/cpu", value: 2 };

/** Someone changes the service beside Pulumi. */
export const drift: Chapter = [
  {
    title: "Somebody edits the service outside Pulumi; refresh shows it",
    async run(tour) {
      tour.say(`PATCH services/fraud  ${JSON.stringify(edit)}`);
      await tour.workspace().edit("fraud", [edit]);
      const refresh = await tour.refresh();
      tour.check("refresh shows what differs", plan(refresh), ["fraud: update cpuCores"]);
      tour.check("refresh changes nothing in the workspace", changes(refresh), []);
      const preview = await tour.preview();
      tour.check("the preview would put it right", plan(preview), ["fraud: update cpuCores"]);
    },
  },
  {
    title: "Up heals it",
    async run(tour) {
      const up = await tour.up();
      tour.check("one PATCH goes out", changes(up), ["PATCH services/fraud"]);
      tour.check("it sets what the program says", up.calls.find(({ method }) => method === "PATCH")?.body, [
        { ...edit, value: 0.7 },
      ]);
    },
  },
];
