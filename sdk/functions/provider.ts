import { createRequire } from "node:module";
import { withOwnErrors } from "../errors";
import type { AccessToken, Keys, Labels, ListFilters, LogOptions, RunOptions, Service } from "./values";

/** Which workspace, and which configuration the provider gets. */
export interface Place {
  readonly workspaceId?: string | undefined;
  readonly config: Readonly<Record<string, string>>;
}

/** The part of the provider that functions are made of. */
export interface ProviderFunctions {
  readonly configKeys: readonly string[];
  getService(service: string, place: Place): Promise<Service>;
  listServices(filters: ListFilters, place: Place): Promise<Service[]>;
  getKeys(service: string, place: Place): Promise<Keys>;
  regenerateKey(service: string, which: string, value: string | undefined, place: Place): Promise<Keys>;
  getLogs(service: string, options: LogOptions, place: Place): Promise<string>;
  getAccessToken(service: string, place: Place): Promise<AccessToken>;
  runService(service: string, input: unknown, options: RunOptions, place: Place): Promise<unknown>;
  addTags(service: string, tags: Labels, place: Place): Promise<Labels>;
  removeTags(service: string, keys: string | readonly string[], place: Place): Promise<Labels>;
  addProperties(service: string, properties: Labels, place: Place): Promise<Labels>;
  /** @throws for values that are not there yet, and for unknown options */
  checkArguments(given: Readonly<Record<string, unknown>>, options: object, names: readonly string[]): void;
  /** @throws with every setting that no new service could have */
  checkConfiguration(settings: Readonly<Record<string, unknown>>): void;
}

const load = createRequire(__filename);
let loaded: ProviderFunctions | undefined;

/** Loaded on first use: a program that only declares resources never needs it. */
export const provider = (): ProviderFunctions =>
  (loaded ??= withOwnErrors((load("pulumi-azureml/provider") as { functions: ProviderFunctions }).functions));
