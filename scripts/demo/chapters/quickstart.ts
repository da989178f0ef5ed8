import { changes, plan, requests } from "../../../test/harness/operation";
import type { Chapter } from "../step";
import { score } from "../../../test/harness/workspace";

/** The example as a user copies it: made, called, changed. */
export const quickstart: Chapter = [
  {
    title: "Preview examples/quickstart",
    async run(tour) {
      const preview = await tour.preview();
      tour.check("one service would be made", plan(preview), ["fraud: create"]);
      tour.check("a preview sends nothing", requests(preview), []);
    },
  },
  {
    title: "Deploy it",
    async run(tour) {
      const up = await tour.up();
      tour.check("the service is made", plan(up), ["fraud: create"]);
      tour.check("one request makes it", changes(up), ["POST services"]);
    },
  },
  {
    title: "Score with the key from the stack's outputs",
    async run(tour) {
      const { scoringUri, primaryKey } = await tour.outputs();
      const answer = await score(scoringUri, primaryKey, { amount: 120 });
      tour.say(`POST ${scoringUri} → ${answer.status} ${JSON.stringify(answer.body)}`);
      tour.check("the model answers", answer, {
        status: 200,
        body: { service: "fraud", models: ["fraud:7"], input: { amount: 120 } },
      });
      tour.check("another key is refused", (await score(scoringUri, "guessed", {})).status, 401);
    },
  },
  {
    title: "Change cpuCores and tags, add a property",
    async run(tour) {
      await tour.configure({
        cpuCores: "0.7",
        tags: JSON.stringify({ release: "2026.12" }),
        properties: JSON.stringify({ team: "risk", cost: "12" }),
      });
      const three = ["fraud: update cpuCores properties tags"];
      const preview = await tour.preview();
      tour.check("the preview names exactly these three", plan(preview), three);
      tour.check("a preview sends nothing", requests(preview), []);
      const up = await tour.up();
      tour.check("the update changes exactly these three", plan(up), three);
      tour.check("one PATCH goes out", changes(up), ["PATCH services/fraud"]);
      tour.check("with one operation for each", patchPaths(up.calls), [
        "replace /containerResourceRequirements/cpu",
        "replace /kvTags",
        "add /properties/cost",
      ]);
    },
  },
  {
    title: "Run it again without a change",
    async run(tour) {
      const up = await tour.up();
      tour.check("nothing is planned", plan(up), []);
      tour.check("nothing is sent", requests(up), []);
    },
  },
];

/** `replace /kvTags` for each operation of the patches that went out. */
const patchPaths = (
  calls: readonly { readonly method: string; readonly body: unknown }[],
): readonly string[] =>
  calls
    .filter(({ method }) => method === "PATCH")
    .flatMap(({ body }) => body as readonly { readonly op: string; readonly path: string }[])
    .map(({ op, path }) => `${op} ${path}`);
