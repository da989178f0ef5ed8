import { plan, requests } from "../stack";
import type { Chapter } from "../step";

/** What a program leaves out is not managed. */
export const settings: Chapter = [
  {
    title: "Take memoryGb out of the program",
    async run(tour) {
      tour.useOwnProgram();
      await tour.change({ memoryGb: undefined });
      const up = await tour.up();
      tour.check("it is recorded", plan(up).length, 1);
      tour.check("nothing is sent", requests(up), []);
      tour.checkText("the line says that it stays", up.text, "memoryGb is no longer managed; 1 stays");
    },
  },
];
