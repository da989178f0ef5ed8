import type { Webservices } from "../azure/webservices";
import { secretOutputs } from "../webservice/outputs";
import { registeredModel } from "../schema/tables";
import { outputsOf } from "../core/outputs";
import { isMadeFrom, withModelStamp } from "../core/model-stamp";
import { createBody, type ServiceJson } from "../core/wire";
import { timeoutMs } from "../core/timeouts";
import { connectWithin, say, type ProviderContext, type Values } from "../webservice/context";
import { urnOf } from "../webservice/resource-id";
import type { UploadContext } from "../webservice/upload";
import { SOURCE, type KnownResources } from "./check";
import { idOf, workspaceOf } from "./resource-id";
import { patchFor } from "./update";
import { uploadModel } from "./upload";

/**
 * Registers the next version of the name. Files first, then the asset that names them, then the model: whatever fails on the way
 * leaves nothing that anyone sees, and the next `pulumi up` begins anew.
 */
export const create =
  (known: KnownResources) =>
  (provider: ProviderContext) =>
  async (inputs: Values): Promise<{ id: string; outs: Record<string, unknown> }> => {
    const workspaceId = String(inputs["workspaceId"]);
    const { deadline, services } = await connectWithin(
      timeoutMs("create", inputs),
      provider,
      workspaceOf(workspaceId),
    );
    const to = { provider, services, resource: { urn: urnOf(inputs) }, deadline };
    const found = known.has(to.resource.urn) ? undefined : await interrupted(services, inputs);
    const document = found ? await resumed(to, found, inputs) : await register(to, inputs);
    const outs = outputsOf({ document, workspaceId, program: inputs, before: {} }, registeredModel);
    return { id: idOf(workspaceId, String(document["id"])), outs: secretOutputs(outs) };
  };

const register = async (to: UploadContext, inputs: Values): Promise<ServiceJson> => {
  const name = String(inputs["modelName"]);
  const limited = { action: `upload model "${name}"`, expected: "its files to be sent" };
  const prefix = await to.deadline.limit(limited, () => uploadModel(to, inputs[SOURCE], name));
  const asset = await to.services.models.createAsset(name, prefix);
  const body = createBody(withModelStamp(inputs), undefined, registeredModel);
  return to.services.models.register(name, { name, ...body, url: `aml://asset/${asset}` });
};

const versionOf = (model: ServiceJson): number => Number(model["version"]);

/**
 * The version that a create of this very resource registered before it was cut off: the newest of the name, with this
 * resource's stamp and this content. A resource that the state knows already has its version, so it never looks for one.
 */
const interrupted = async (services: Webservices, inputs: Values): Promise<ServiceJson | undefined> => {
  let newest: ServiceJson | undefined;
  for await (const model of services.models.list(String(inputs["modelName"])))
    if (!newest || versionOf(model) > versionOf(newest)) newest = model;
  return newest && isMadeFrom(newest, inputs) ? newest : undefined;
};

const resumed = async (to: UploadContext, found: ServiceJson, inputs: Values): Promise<ServiceJson> => {
  const id = String(found["id"]);
  const text = `${id} was registered by an earlier run that did not end; it is taken over.`;
  say(to.provider, to.resource.urn, [{ severity: "info", text }]);
  await to.services.models.patch(id, patchFor(found, { news: inputs, outputs: {} }));
  return (await to.services.models.get(id)) ?? found;
};
