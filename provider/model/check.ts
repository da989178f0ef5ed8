import { check as checkInputs, type Checked } from "../core/check";
import { isContent } from "../core/content";
import { registeredModel } from "../schema/tables";
import { sourceFailures } from "../webservice/check";
import type { Values, ProviderContext } from "../webservice/context";

/** The input that holds the model's files. */
export const SOURCE = "source";

/** The resources that the state knew before this run, by their URNs. */
export type KnownResources = Set<string>;

/** Refuses bad input, missing files among it, with every failure at once. No request is made. */
export const check =
  (known: KnownResources) =>
  (provider: ProviderContext) =>
  async (
    old: Values,
    news: Values,
  ): Promise<{ inputs: Values; failures: { property: string; reason: string }[] }> => {
    if (Object.keys(old).length > 0) known.add(String(news["__urn"] ?? ""));
    const { inputs, failures }: Checked = checkInputs(old, news, await provider.settings(), registeredModel);
    const source = inputs[SOURCE];
    const files = isContent(source) ? await sourceFailures(SOURCE, source) : [];
    return { inputs: { ...inputs }, failures: [...failures, ...files] };
  };
