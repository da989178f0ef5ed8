import { relayInterrupts } from "./relay-interrupt";

export { AksWebservice } from "./aks-webservice";
export type { ContainerRegistry, EnvironmentDefinition, InferenceConfig } from "./inference-config";
export { Model } from "./model";
export type { ModelArgs, ModelOutputs } from "./model-args";
export type {
  AksWebserviceArgs,
  AksWebserviceOutputs,
  DeploymentStatus,
  Migration,
  ModelDetails,
  Timeouts,
} from "./args";
export type { DeployConfiguration } from "./functions/deploy-configuration";
export { deployConfiguration } from "./functions/deploy-configuration";
export { getKeys, regenerateKey } from "./functions/keys";
export { addServiceProperties, addServiceTags, removeServiceTags } from "./functions/labels";
export { getLogs } from "./functions/logs";
export { runService } from "./functions/run";
export type { SerializedService } from "./functions/serialize-service";
export { serializeService } from "./functions/serialize-service";
export { getService, listServices } from "./functions/services";
export { getAccessToken, getToken } from "./functions/tokens";
export type {
  AccessToken,
  FunctionOptions,
  Keys,
  ListFilters,
  LogOptions,
  RunOptions,
  Service,
} from "./functions/values";

relayInterrupts();
