import { fields } from "../schema/fields";
import { entriesOf, entryOf } from "./additive-maps";
import type { Settings } from "./values";
import { readSettings, type ServiceJson } from "./wire";

/** Hidden input with the stamp of the resource: a short hash of organization and URN. */
export const CREATED_BY = "__createdBy";
const KEY = "pulumi-created-by";

const additive = fields.find((row) => row.mutability === "additive")!.input;

/** The settings of a new service, with who makes it among its properties. */
export const withStamp = (settings: Settings, stamp: unknown): Settings =>
  typeof stamp === "string" && stamp !== ""
    ? { ...settings, [additive]: { ...Object.fromEntries(entriesOf(settings[additive])), [KEY]: stamp } }
    : settings;

export const stampOf = (document: ServiceJson): unknown => entryOf(readSettings(document)[additive], KEY);

/** Whether this very resource made the service. */
export const isStampedBy = (document: ServiceJson, stamp: unknown): boolean =>
  typeof stamp === "string" && stamp !== "" && stampOf(document) === stamp;
