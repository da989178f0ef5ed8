import { changes, plan, requests } from "../../../test/harness/operation";
import type { Chapter, Tour } from "../step";

const edit = { op: "replace", path: "/containerResourceRequirements/cpu", value: 2 };

/** Someone changes the service beside Pulumi. */
export const drift: Chapter = [
  {
    title: "Somebody edits the service outside Pulumi; refresh shows it",
    async run(tour) {
      tour.say(`PATCH services/fraud  ${JSON.stringify(edit)}`);
      await tour.workspace().edit("fraud", [edit]);
      const refresh = await tour.refresh();
      tour.check("refresh shows what differs", plan(refresh), ["fraud: update cpuCores"]);
      tour.check("refresh changes nothing in the workspace", changes(refresh), []);
      const preview = await tour.preview();
      tour.check("the preview would put it right", plan(preview), ["fraud: update cpuCores"]);
    },
  },
  {
    title: "Up heals it",
    async run(tour) {
      const up = await tour.up();
      tour.check("one PATCH goes out", changes(up), ["PATCH services/fraud"]);
      tour.check("it sets what the program says", up.calls.find(({ method }) => method === "PATCH")?.body, [
        { ...edit, value: 0.7 },
      ]);
    },
  },
];

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

/** The provider dies in the middle of a create. */
export const interruption: Chapter = [
  {
    title: "Kill the provider in the middle of a create",
    async run(tour) {
      await tour.configure({ "azureml:accessToken": { secret: tour.accessToken() } });
      await tour.workspace().delayPolls(2000);
      await tour.up({ killAfter: "POST services", fails: true });
      await tour.workspace().clearDelays();
      tour.check("a service was begun", await names(tour), ["fraud"]);
    },
  },
  {
    title: "Up again: the same service, not a second one",
    async run(tour) {
      const [made] = await tour.workspace().services();
      const up = await tour.up();
      tour.check("the create is taken up where it ended", plan(up), ["fraud: create"]);
      tour.check("nothing was changed to do so, but for a claim to it", changes(up), [
        "POST services",
        "PATCH services/fraud",
      ]);
      const [service, ...others] = await tour.workspace().services();
      tour.check("it is the same service", service?.createdTime, made?.createdTime);
      tour.check("there is no other", others, []);
    },
  },
  {
    title: "Destroy",
    async run(tour) {
      const destroy = await tour.destroy();
      tour.check("the service is deleted", plan(destroy), ["fraud: delete"]);
      tour.check("one DELETE goes out", changes(destroy), ["DELETE services/fraud"]);
      tour.check("the workspace is empty", await names(tour), []);
    },
  },
];

const names = async (tour: Tour): Promise<readonly string[]> =>
  (await tour.workspace().services()).map(({ name }) => name);
