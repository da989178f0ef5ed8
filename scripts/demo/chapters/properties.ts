import { changes, plan, requests } from "../stack";
import type { Chapter } from "../step";
import { score } from "../workspace";

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
