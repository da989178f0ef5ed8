import type { Chapter } from "../step";

/** While the service is deployed, its keys and the credential are in the state, encrypted. */
export const secrets: Chapter = [
  {
    title: "Search the state and everything printed for keys and tokens",
    async run(tour) {
      const { scoringUri } = await tour.outputs();
      tour.check(
        "the search reads the state: it finds the scoring URI",
        tour.filesWith(scoringUri).length > 0,
        true,
      );
      tour.check("no key and no token can be read", tour.leaks(), []);
    },
  },
];

/** The engine keeps a history, and each step has printed something. */
export const secretsAtTheEnd: Chapter = [
  {
    title: "Search everything once more",
    run(tour) {
      tour.check("no key and no token can be read", tour.leaks(), []);
      return Promise.resolve();
    },
  },
];
