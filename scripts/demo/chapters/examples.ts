import { plan, requests } from "../../../test/harness/operation";
import { score } from "../../../test/harness/workspace";
import type { Chapter, Tour } from "../step";

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

/** Methods of the resource in a program, and the same from scripts, for a service with tokens. */
export const scoring: Chapter = [
  {
    title: "Score, take a token and read the log in the program: examples/scoring",
    async run(tour) {
      tour.useExampleCode("scoring");
      const preview = await tour.preview();
      tour.check("a preview does not score", preview.calls.filter(isScoring), []);
      const up = await tour.up();
      tour.check("the service is made", plan(up), ["fraud: create"]);
      tour.check("then it is scored, once", up.calls.filter(isScoring).length, 1);
      tour.checkText("its answer is an output", up.text, /smokeTest/);
      tour.checkText("a token is a secret output", up.text, /accessToken *: \[secret\]/);
      tour.checkText("the time of its end is none", up.text, /tokenExpires *: "20\d\d-.*Z"/);
    },
  },
  {
    title: "The same from scripts",
    async run(tour) {
      const operated = await tour.script("examples/scoring/operate.js", "fraud");
      tour.checkText("the model answers to a token", operated, /scored: .*"service":"fraud"/);
      tour.checkText("a token is fetched", operated, /a token of \d+ letters, good until 20\d\d-/);
      tour.checkText("it is kept for the next call", operated, "still the same token: true");
      const survey = await tour.script("examples/adopt/survey.js");
      tour.checkText("the services of the workspace are listed", survey, /fraud: Healthy, http/);
      await tour.destroy();
    },
  },
];

const isScoring = ({ path }: { readonly path: string }): boolean => path.endsWith("/score");
