import { changes, plan } from "../stack";
import type { Chapter, Tour } from "../step";

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
      tour.check("nothing was changed to do so", changes(up), ["POST services"]);
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
