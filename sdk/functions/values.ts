import type * as pulumi from "@pulumi/pulumi";
import type { AksWebserviceOutputs } from "../args";

/** Where a function finds the workspace and a credential. */
export interface FunctionOptions {
  /**
   * ARM id of the workspace. Default: the id of the service where one is given, then the configuration,
   * then the environment's `AZUREML_WORKSPACE_ID`.
   */
  readonly workspaceId?: string | undefined;
  /**
   * Configuration as in a stack, such as `{ "azureml:tenantId": "…" }`; `azureml:` may be left out. It goes before
   * the configuration of the program that is running. Credentials come from it or from the environment, as in `pulumi up`.
   */
  readonly config?: Readonly<Record<string, string>> | undefined;
}

type Told = Exclude<keyof AksWebserviceOutputs, "primaryKey" | "secondaryKey">;
type Plain<Value> = Value extends pulumi.Output<infer Inner> ? Inner : never;

/** What a service of any kind has. */
type Common =
  | "workspaceId"
  | "subscriptionId"
  | "resourceGroupName"
  | "workspaceName"
  | "serviceName"
  | "name"
  | "state"
  | "computeType"
  | "createdTime"
  | "tags"
  | "properties";

/** A service as it is, under the names of the resource's outputs; its keys are told by getKeys alone. */
export type Service = {
  /** `<workspace ARM id>/services/<name>`. */
  readonly id: string;
} & { readonly [Name in Common]: Plain<AksWebserviceOutputs[Name]> } & {
  readonly [Name in Exclude<Told, Common>]?: Plain<AksWebserviceOutputs[Name]> | undefined;
};

/** Which services to list. A filter that is left out lets any service pass. */
export interface ListFilters {
  /** `AKS`, `ACI`, …, whatever the letter case. */
  readonly computeType?: string;
  readonly imageName?: string;
  readonly imageId?: string;
  readonly imageDigest?: string;
  readonly modelName?: string;
  readonly modelId?: string;
  /** Tags that a service has: a key with its value, or with `undefined` for any value. */
  readonly tags?: Readonly<Record<string, string | undefined>>;
  /** Properties that a service has, as with tags. */
  readonly properties?: Readonly<Record<string, string | undefined>>;
}

/** Tags or properties: text by key. */
export type Labels = Readonly<Record<string, string>>;

/** The authentication keys of a service. Secret. */
export interface Keys {
  readonly primaryKey: string;
  readonly secondaryKey: string;
}

/** A token for a service with token authentication. Secret. */
export interface AccessToken {
  /** Goes into the header `Authorization: Bearer <accessToken>` of a scoring call. */
  readonly accessToken: string;
  readonly tokenType: string;
  /** When to ask for another one: ISO 8601, UTC. */
  readonly refreshAfter: string;
  /** When it ends: ISO 8601, UTC. */
  readonly expiryOn: string;
}

/** Which lines of which container's log. */
export interface LogOptions {
  /** How many lines, from the end. Default 5000. */
  readonly numLines?: number | undefined;
  /** Of the init container, which fetches the model files. Default false. */
  readonly init?: boolean | undefined;
}

/** How an input is sent. */
export interface RunOptions {
  /** Default: `application/json` for text and values, `application/octet-stream` for bytes. */
  readonly contentType?: string | undefined;
}
