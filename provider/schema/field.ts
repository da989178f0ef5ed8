/** What a setting's value looks like in a program. */
export type SettingType =
  | "text"
  | "number"
  | "integer"
  | "flag"
  | "textMap"
  | "textList"
  | "durations"
  | "content"
  | "inferenceConfig"
  | "migration";

/**
 * What a changed value does to a live service:
 * - `inPlace`: one JSON Patch `replace` at the setting's wire path
 * - `additive`: entries of a map can be added, never changed or removed
 * - `regenerate`: an authentication key, set through the service's own call
 * - `replace`: a new service
 * - `providerOnly`: never sent, it steers the provider
 */
export type Mutability = "inPlace" | "additive" | "regenerate" | "replace" | "providerOnly";

/** What a value must be; `says` completes the sentence "expected …". */
export interface Rule {
  readonly says: string;
  readonly above?: number;
  readonly from?: number;
  readonly to?: number;
  readonly pattern?: RegExp;
  readonly length?: readonly [number, number];
  /** What to do about a value that breaks the rule; completes the message. */
  readonly next?: string;
}

/** A part of the workspace's address, or another place where the provider itself needs the value. */
export type Role =
  | "workspaceId"
  | "subscription"
  | "resourceGroup"
  | "workspace"
  | "serviceName"
  | "compute"
  | "models"
  | "inferenceConfig"
  | "primaryKey"
  | "secondaryKey"
  | "adopt"
  | "deleteAdopted"
  | "replaceOnPropertyChange"
  | "timeouts"
  | "migrateTo";

/** One setting: everything about it in one row. */
export interface Field {
  /** The input's (and output's) name, as in the Python client but in camelCase. */
  readonly input: string;
  readonly type: SettingType;
  readonly mutability: Mutability;
  /** Dotted path in the service's JSON, for create and for update alike. */
  readonly wire?: string;
  readonly rule?: Rule;
  /** What the service uses when nothing was said; never sent. An output with one is always filled. */
  readonly default?: string | number | boolean;
  readonly required?: true;
  /** Texts that a program usually gives; any other is taken, too. */
  readonly usual?: readonly string[];
  readonly secret?: true;
  /** A changed entry of an additive map makes a new resource, as nothing else could. */
  readonly changedEntry?: "replace";
  /** The wire's flag means the opposite. */
  readonly inverted?: true;
  /** The service never tells the live value. */
  readonly writeOnly?: true;
  /** Dotted path of the object that an update sends whole, because its parts cannot be patched one by one. */
  readonly patchedWith?: string;
  /** What a create sends for an unset value: null, null when a neighbour in the same object is set, {}, or nothing. */
  readonly unset: "null" | "nullBesideOthers" | "empty" | "nothing";
  /** Order of a list has no meaning. */
  readonly unordered?: true;
  /** Which way of deploying the setting belongs to; a service cannot change from one to the other. */
  readonly source?: "environment" | "image";
  readonly role?: Role;
  readonly doc: string;
}

type Details = Omit<Field, "input" | "type" | "mutability" | "unset"> & {
  readonly mutability?: Mutability;
  readonly unset?: Field["unset"];
};

/** A row of the table. In place and `null` when unset, unless it says otherwise. */
export const field = (input: string, type: SettingType, details: Details): Field =>
  Object.freeze({ mutability: "inPlace", unset: "null", ...details, input, type });

/** A setting of the provider itself, never sent. */
export const providerOnlyField = (input: string, type: SettingType, details: Details): Field =>
  field(input, type, { ...details, mutability: "providerOnly", unset: "nothing" });

export const above = (above: number): Rule => ({ says: `a number greater than ${above}`, above });
export const integerFrom = (from: number): Rule => ({ says: `an integer of at least ${from}`, from });
export const integerBetween = (from: number, to: number): Rule => ({
  says: `an integer from ${from} to ${to}`,
  from,
  to,
});
