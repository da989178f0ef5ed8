import { asDeadline, type Deadline } from "./clock";
import { accessToken, listKeys, regenerateKey, type AccessToken, type Keys } from "./keys";
import { containerLog, operationLog } from "./logs";
import {
  createAsset,
  listModels,
  patchModel,
  readModel,
  registerModel,
  removeModel,
  type ModelDocument,
} from "./models";
import { waitForOperation, type Operation, type OperationRef, type WaitOptions } from "./operations";
import {
  createService,
  listServices,
  migrateService,
  patchService,
  readService,
  removeService,
  type ListFilters,
  type PatchOperation,
  type ServiceDocument,
} from "./services";
import type { Download } from "./http";
import { filesOfAsset, openStoredFile, type StoredFile } from "./stored-files";
import type { StreamedBody } from "./streamed-body";
import { uploadArtifact } from "./uploads";
import { validationsOf, type Validations } from "./validate";
import type { Context, Workspace } from "./workspace";

export type { AccessToken, Keys } from "./keys";
export type { Operation, OperationRef, WaitOptions } from "./operations";
export type { ListFilters, PatchOperation, ServiceDocument } from "./services";

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

/** Uploaded files of one workspace. Every method throws ServiceError. */
export interface StoredFiles {
  /** The files that an asset groups, such as a model's. */
  ofAsset(assetId: string): Promise<readonly StoredFile[]>;
  /** Opens one for reading from a byte on; the storage may begin anew (status 200). @throws TransportFault, too */
  open(artifactId: string, from: number, signal?: AbortSignal): Promise<Download>;
}

/** The web services of one workspace. Every method throws ServiceError. */
export interface Webservices {
  readonly models: Models;
  /** Dry runs: nothing is changed. */
  readonly validate: Validations;
  readonly files: StoredFiles;
  /** Uploads a file to `path` within `container`, the name of a new group of files. @returns its address @throws UploadRefused */
  upload(container: string, path: string, content: StreamedBody): Promise<string>;
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

/** Every method gives up at the same deadline; undefined leaves each its default. */
export function webservicesOf(workspace: Workspace, deadline: Deadline | undefined): Webservices {
  const context: Context = Object.freeze({ workspace, deadline });
  return Object.freeze<Webservices>({
    models: modelsOf(context),
    validate: validationsOf(context),
    files: Object.freeze<StoredFiles>({
      ofAsset: (assetId) => filesOfAsset(context, assetId),
      open: (artifactId, from, signal) => openStoredFile(context, artifactId, from, signal),
    }),
    upload: (container, path, content) => uploadArtifact(context, container, path, content),
    within: (limit) => webservicesOf(workspace, asDeadline(workspace.session.clock, limit)),
    get: (name) => readService(context, name),
    create: (body) => createService(context, body),
    patch: (name, operations) => patchService(context, name, operations),
    remove: (name) => removeService(context, name),
    listKeys: (name) => listKeys(context, name),
    regenerateKey: (name, which, value) => regenerateKey(context, name, which, value),
    accessToken: (name) => accessToken(context, name),
    logs: (name, options) => containerLog(context, name, options),
    list: (filters) => listServices(context, filters),
    migrate: (name, computeTarget) => migrateService(context, name, computeTarget),
    operationLog: (operation) => operationLog(context, operation),
    wait: (operation, options) => waitForOperation(context, operation, options),
  });
}

const modelsOf = (context: Context): Models =>
  Object.freeze<Models>({
    get: (id) => readModel(context, id),
    list: (name) => listModels(context, name),
    register: (name, body) => registerModel(context, name, body),
    patch: (id, operations) => patchModel(context, id, operations),
    remove: (id) => removeModel(context, id),
    createAsset: (name, prefix) => createAsset(context, name, prefix),
  });
