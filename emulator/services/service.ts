import type { ErrorDocument } from "../server/errors";
import type { JsonObject } from "../server/json";

export type ServiceState =
  "Transitioning" | "Healthy" | "Unhealthy" | "Failed" | "Unschedulable" | "Migrating" | "Migrated";

/** The part of a service document that a create sets and a patch may change. */
export interface ServiceSettings {
  description: string | null;
  kvTags: Record<string, string>;
  properties: Record<string, string>;
  namespace: string;
  authEnabled: boolean;
  aadAuthEnabled: boolean;
  appInsightsEnabled: boolean;
  autoScaler: {
    autoscaleEnabled: boolean;
    minReplicas: number;
    maxReplicas: number;
    refreshPeriodInSeconds: number;
    targetUtilization: number;
  };
  containerResourceRequirements: {
    cpu: number;
    cpuLimit: number | null;
    memoryInGB: number;
    memoryInGBLimit: number | null;
    gpu: number;
  };
  dataCollection: { eventHubEnabled: boolean; storageEnabled: boolean };
  livenessProbeRequirements: {
    periodSeconds: number;
    initialDelaySeconds: number;
    timeoutSeconds: number;
    failureThreshold: number;
    successThreshold: number;
  };
  maxConcurrentRequestsPerContainer: number;
  maxQueueWaitMs: number;
  numReplicas: number;
  scoringTimeoutMs: number;
  imageId: string | null;
  environmentImageRequest: JsonObject | null;
}

/** What runs behind the scoring URI. It changes only when an operation succeeds. */
export interface Deployment {
  readonly modelIds: readonly string[];
  readonly imageId: string | null;
  readonly code: CodeIdentity | null;
}

/** Tells one upload of the code from the next. */
export interface CodeIdentity {
  readonly asset: string;
  readonly sha256: string | null;
  /** The value of `VERSION = "…"` in the entry script. */
  readonly version: string | null;
}

export interface ServiceKeys {
  readonly primaryKey: string;
  readonly secondaryKey: string;
}

/** A service as the store keeps it; plain JSON. */
export interface Service {
  readonly name: string;
  computeName: string;
  readonly createdTime: string;
  updatedTime: string;
  state: ServiceState;
  error: ErrorDocument | null;
  /** The newest operation on it. */
  operationId: string;
  settings: ServiceSettings;
  keys: ServiceKeys;
  /** The code of the newest deployment, whether it has succeeded or not. */
  code: CodeIdentity | null;
  /** Null until the first deployment has succeeded, and when its containers crash. A failed update leaves it. */
  deployment: Deployment | null;
  /** The container's log, where a failure wrote one. */
  containerLog: string | null;
}
