import { timeoutMs } from "../core/timeouts";
import { isSeenGone } from "../webservice/delete";
import { connectWithin, type ProviderContext, type Values } from "../webservice/context";
import { resourceOf } from "./resource-id";

/** Deletes the registered version. One that is not there any more is a success; one that a service loads is an error. */
export const remove =
  (provider: ProviderContext) =>
  async (id: string, outputs: Values): Promise<void> => {
    const resource = await resourceOf(provider, id);
    const { deadline, services } = await connectWithin(
      timeoutMs("delete", outputs),
      provider,
      resource.workspace,
    );
    await services.models.remove(resource.modelId);
    const isGone = await isSeenGone(deadline, (until) => services.within(until).models.get(resource.modelId));
    if (isGone) return;
    throw new Error(
      `DeleteFailed: the model "${resource.modelId}" is still there, although its deletion was accepted. ` +
        "Run the same command again; if it is still there, delete it in Azure Machine Learning studio under Models first.",
    );
  };
