import { plan } from "../stack";
import type { Chapter } from "../step";

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
