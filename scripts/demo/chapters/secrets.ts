import type { Chapter } from "../step";

/** Keys and tokens are nowhere to be read. */
export const secrets: Chapter = [
  {
    title: "Search the state, its history and everything printed for keys and tokens",
    run(tour) {
      tour.check("none can be read", tour.leaks(), []);
      return Promise.resolve();
    },
  },
];
