import { changes } from "../stack";
import type { Chapter } from "../step";
import { score } from "../workspace";

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
