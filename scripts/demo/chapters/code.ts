import { plan, requests } from "../stack";
import type { Chapter, Tour } from "../step";
import { score } from "../workspace";

/** What the endpoint says of the code that answers. */
const versionThatAnswers = async (tour: Tour): Promise<unknown> => {
  const { scoringUri } = await tour.outputs();
  const { primaryKey } = await tour.workspace().keys("fraud");
  const { body } = await score(scoringUri, primaryKey, { data: [] });
  return (body as { code?: { version?: unknown } }).code?.version;
};

/** Code goes with the program, and a preview shows that it changed. */
export const code: Chapter = [
  {
    title: "Deploy from code: examples/deploy-code",
    async run(tour) {
      tour.useExampleCode("deploy-code");
      const up = await tour.up();
      tour.check("the service is made", plan(up), ["fraud: create"]);
      tour.check("its endpoint answers with the code's version", await versionThatAnswers(tour), "1");
    },
  },
  {
    title: "Change one line of the script",
    async run(tour) {
      tour.edit("src/score.py", 'VERSION = "1"', 'VERSION = "2"');
      const preview = await tour.preview();
      tour.check("the preview names the code", plan(preview), ["fraud: update inferenceConfig"]);
      tour.checkText(
        "and shows the archive's hash changing",
        preview.text,
        /archive\(file:\w+(->|\) => archive\(file:)\w+\)/,
      );
      tour.check("a preview sends nothing", requests(preview), []);
      await tour.up();
      tour.check("its endpoint answers with the new version", await versionThatAnswers(tour), "2");
      await tour.destroy();
    },
  },
];
