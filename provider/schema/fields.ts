import type { Field, Role } from "./field";
import { access } from "./fields/access";
import { address } from "./fields/address";
import { container } from "./fields/container";
import { deployment } from "./fields/deployment";
import { labels } from "./fields/labels";
import { local } from "./fields/local";
import { migration } from "./fields/migration";
import { probe } from "./fields/probe";
import { scaling } from "./fields/scaling";

/** The table: every setting of a web service on AKS, one row each. */
export const fields: readonly Field[] = Object.freeze([
  ...address,
  ...deployment,
  ...scaling,
  ...access,
  ...container,
  ...probe,
  ...labels,
  ...local,
  ...migration,
]);

const byInput = new Map(fields.map((row) => [row.input, row]));
const byRole = new Map(fields.flatMap((row) => (row.role ? [[row.role, row] as const] : [])));

export const fieldOf = (input: string): Field | undefined => byInput.get(input);

/** The input's name of the row with this role. */
export const inputOf = (role: Role): string => byRole.get(role)!.input;
