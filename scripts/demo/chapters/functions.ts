import { requests } from "../stack";
import type { Chapter } from "../step";

/** What is done to a running service beside deploying it. */
export const functions: Chapter = [
  {
    title: "Score, tag, renew a key and read the log from a script",
    async run(tour) {
      const said = await tour.script("examples/scoring/operate.js", "fraud");
      tour.checkText("it finds the service", said, /fraud is Healthy at http/);
      tour.checkText("the model answers", said, /scored: .*"service":"fraud"/);
      tour.checkText("a tag is added", said, /onCall/);
      tour.checkText("a key is renewed", said, "secondary key is new: true");
      tour.checkText("the log can be read", said, /last line of the log: ./);
      tour.checkText("it is serialized as the Python class does", said, "serialized: 33 members");
      tour.check("and nothing of it is a difference to the program", requests(await tour.preview()), []);
    },
  },
];
