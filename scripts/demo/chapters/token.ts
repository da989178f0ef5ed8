import { changes, plan } from "../stack";
import type { Chapter } from "../step";

/** Destroy gets the configuration of the last up, so a newer credential must come from the environment. */
export const token: Chapter = [
  {
    title: "The bearer token is rotated; destroy with the new one",
    async run(tour) {
      await tour.rotateToken();
      tour.say("The workspace takes only a new token. The stack's configuration still holds the old one.");
      const destroy = await tour.destroy({ env: { AZUREML_ACCESS_TOKEN: tour.accessToken() } });
      tour.check("the environment comes before the configuration", plan(destroy), ["fraud: delete"]);
      tour.check("one DELETE goes out", changes(destroy), ["DELETE services/fraud"]);
      tour.check("the workspace is empty", await tour.workspace().services(), []);
    },
  },
];
