import type { PatchOperation } from "./json-patch";
import type { Artifact } from "./artifacts";
import type { Deadline } from "./deadline";
import type { ModelDocument } from "./models";
import type { Operation, OperationRef } from "./operation";
import type { StreamedBody } from "./streamed-body";
import type { WaitOptions } from "./wait";

export type { Operation, OperationRef } from "./operation";
export type { PatchOperation } from "./json-patch";
export type { WaitOptions } from "./wait";

/** A service as the workspace describes it. */
export type ServiceDocument = Readonly<Record<string, unknown>>;

/** The two keys of a service with key authentication. Secret. */
export interface Keys {
  readonly primaryKey: string;
  readonly secondaryKey: string;
}

/** A token for a service with token authentication. Secret. */
export interface AccessToken {
  readonly accessToken: string;
  readonly tokenType: string;
  readonly refreshAfter: Date;
  readonly expiryOn: Date;
}

/** Which services to list; unset means any. */
export interface ListFilters {
  readonly computeType?: string;
  readonly imageName?: string;
  readonly imageId?: string;
  readonly imageDigest?: string;
  readonly modelName?: string;
  readonly modelId?: string;
  readonly tags?: Readonly<Record<string, string | undefined>>;
  readonly properties?: Readonly<Record<string, string | undefined>>;
}

/** The registered models of one workspace. Every method throws ServiceError. */
export interface Models {
  /** @returns undefined only when the service itself says 404, twice, and the workspace is known to exist */
  get(id: string): Promise<ModelDocument | undefined>;
  /** All registered versions of a name. */
  list(name: string): AsyncGenerator<ModelDocument>;
  /** Registers the next version of a name. @param body its `url` names an asset of this registration alone */
  register(name: string, body: ModelDocument): Promise<ModelDocument>;
  patch(id: string, operations: readonly PatchOperation[]): Promise<void>;
  /** Deletes a version, if it is there. @throws Conflict while a service loads it */
  remove(id: string): Promise<void>;
  /** Groups uploaded files whose artifact ids begin with `prefix`. @returns the asset's id */
  createAsset(name: string, prefix: string): Promise<string>;
}

/** The web services of one workspace. Every method throws ServiceError. */
export interface Webservices {
  readonly models: Models;
  /** Uploads a file to `path` within `container`, the name of a new group of files. @throws UploadRefused */
  upload(container: string, path: string, content: StreamedBody): Promise<Artifact>;
  /** The same services, with another deadline (or time on the clock) at which each call gives up. */
  within(deadline: Deadline | number): Webservices;
  /** @returns undefined only when the service itself says 404, twice, and the workspace is known to exist */
  get(name: string): Promise<ServiceDocument | undefined>;
  /** @throws Conflict when the name is taken by another service */
  create(body: unknown): Promise<OperationRef>;
  /** @returns undefined when the change took effect at once */
  patch(name: string, operations: readonly PatchOperation[]): Promise<OperationRef | undefined>;
  /** @returns "gone" when there was nothing to delete; undefined when it was deleted at once */
  remove(name: string): Promise<OperationRef | "gone" | undefined>;
  listKeys(name: string): Promise<Keys>;
  /** @param value the new key; the service makes one when it is left out */
  regenerateKey(name: string, which: "Primary" | "Secondary", value?: string): Promise<OperationRef>;
  accessToken(name: string): Promise<AccessToken>;
  /** The container's log. `tail`: lines, default 5000; `init`: of the init container, default false. */
  logs(name: string, options?: { readonly tail?: number; readonly init?: boolean }): Promise<string>;
  list(filters?: ListFilters): AsyncGenerator<ServiceDocument>;
  /** Moves a service to the Kubernetes compute of that name. */
  migrate(name: string, computeTarget: string): Promise<OperationRef>;
  /** Waits for any end of the operation. @throws TimedOut at the deadline, OperationLost when nobody knows it */
  wait(operation: OperationRef, options: WaitOptions): Promise<Operation>;
  /** The last lines of the operation's log; empty when there is none to be had. */
  operationLog(operation: OperationRef): Promise<string>;
}
