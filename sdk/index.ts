export { AksWebservice } from "./aks-webservice";
export type {
  AksWebserviceArgs,
  AksWebserviceOutputs,
  DeploymentStatus,
  ModelDetails,
  Timeouts,
} from "./args";
