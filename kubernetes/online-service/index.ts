export type {
  CodeAsset,
  EndpointKeys,
  EnvironmentAsset,
  InstanceTypeLimits,
  KubernetesDeploymentArgs,
  KubernetesOnlineServiceArgs,
  MigrationFinding,
  ModelAsset,
  Route,
} from "./args";
export { KubernetesOnlineService } from "./online-service";
