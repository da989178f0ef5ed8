import { diff as compare } from "../core/diff";
import { info } from "../core/messages";
import { registeredModel } from "../schema/tables";
import { hostDiff, type HostDiff } from "../webservice/diff";
import { say, type ProviderContext, type Values } from "../webservice/context";
import { urnOf } from "../webservice/resource-id";

/** Compares the registered version, as the outputs hold it, with the program. No request is made. */
export const diff =
  (provider: ProviderContext) =>
  async (_id: string, outputs: Values, news: Values): Promise<HostDiff> => {
    const { action } = compare(outputs, news, registeredModel);
    const answer = hostDiff(action);
    if (!answer.replaces) return answer;
    const text =
      `Another version is registered because of ${answer.replaces.join(", ")}; ` +
      `${String(outputs["modelId"])} is deleted once nothing in this stack uses it.`;
    say(provider, urnOf(news), [info(text)]);
    return { ...answer, deleteBeforeReplace: false };
  };
