import type { Webservices } from "../azure/webservices";
import { registeredModel } from "../schema/tables";
import { diff, type Compared } from "../core/diff";
import { outputsOf, outputsRecorded } from "../core/outputs";
import { patch, type PatchOperation } from "../core/patch";
import { changesToSend, keptInputs, previewedBy, previewedSettings, type Previewed } from "../core/previewed";
import { readSettings, type ServiceJson } from "../core/wire";
import { timeoutMs } from "../core/timeouts";
import { secretOutputs } from "../webservice/outputs";
import { connectWithin, type ProviderContext, type Values } from "../webservice/context";
import { resourceOf, type ModelResource } from "./resource-id";

/** Brings tags, description and the like of the registered version to what the program says, with at most one PATCH. */
export const update =
  (provider: ProviderContext) =>
  async (id: string, outputs: Values, news: Values): Promise<{ outs: Record<string, unknown> }> => {
    const { action } = diff(outputs, news, registeredModel);
    if (action.kind === "record")
      return { outs: secretOutputs(outputsRecorded(outputs, news, registeredModel)) };
    const resource = await resourceOf(provider, id);
    const { services } = await connectWithin(timeoutMs("update", news), provider, resource.workspace);
    const previewed = previewedBy(action);
    const patches = patchFor(await existing(services, resource), { news, outputs }, previewed);
    if (patches.length > 0) await services.models.patch(resource.modelId, patches);
    const document = await existing(services, resource);
    const kept = keptInputs(news, previewed, registeredModel);
    const { workspaceId } = resource;
    const known = { document, workspaceId, program: news, before: outputs, kept };
    return { outs: secretOutputs(outputsOf(known, registeredModel)) };
  };

const existing = async (services: Webservices, { modelId }: ModelResource): Promise<ServiceJson> => {
  const document = await services.models.get(modelId);
  if (document) return document;
  throw new Error(
    `ModelGone: the model "${modelId}" was deleted outside Pulumi. Run \`pulumi refresh\`, then \`pulumi up\` to register it again.`,
  );
};

/**
 * The JSON Patch that brings a registered version to what the program says.
 *
 * @param previewed what may be sent; undefined for every setting of the program
 */
export const patchFor = (
  document: ServiceJson,
  compared: Compared,
  previewed?: Previewed,
): readonly PatchOperation[] => {
  const live = readSettings(document, {}, registeredModel);
  const settings = previewedSettings(compared, live, previewed, registeredModel);
  return patch(changesToSend(live, settings, registeredModel), document);
};
