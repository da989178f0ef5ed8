import { relayInterrupts } from "./relay-interrupt";

export { AksWebservice } from "./aks-webservice";
export type { CallErrorCode, ServiceErrorCode } from "./errors";
export { CallError, ServiceError } from "./errors";
export type { ContainerRegistry, EnvironmentDefinition, InferenceConfig } from "./inference-config";
export { Model } from "./model";
export type { Framework, ModelArgs, ModelOutputs } from "./model-args";
export type {
  AksWebserviceArgs,
  AksWebserviceDerived,
  AksWebserviceOutputs,
  DeploymentStatus,
  Migration,
  ModelDetails,
  ServiceState,
  Timeouts,
  VersionType,
} from "./args";
export type { DeployConfiguration } from "./functions/deploy-configuration";
export { deployConfiguration } from "./functions/deploy-configuration";
export { getKeys, getKeysOutput, regenerateKey } from "./functions/keys";
export { addServiceProperties, addServiceTags, removeServiceTags } from "./functions/labels";
export { getLogs, getLogsOutput } from "./functions/logs";
export type { WithInputs } from "./functions/outputs";
export { runService } from "./functions/run";
export type { SerializedService } from "./functions/serialize-service";
export { serializeService } from "./functions/serialize-service";
export { getService, getServiceOutput, listServices, listServicesOutput } from "./functions/services";
export { getAccessToken, getAccessTokenOutput, getToken } from "./functions/tokens";
export type {
  AccessToken,
  FunctionOptions,
  Keys,
  Labels,
  ListFilters,
  LogOptions,
  RunOptions,
  Service,
} from "./functions/values";

relayInterrupts();
