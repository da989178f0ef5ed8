import type { Field } from "./field";
import { fields } from "./fields";
import { modelFields, modelMade } from "./model-fields";
import { madeByService, type MadeByService } from "./outputs";
import { relations, type Relation } from "./relations";

/** All that the core knows of a kind of resource. */
export interface Table {
  readonly type: "AksWebservice" | "Model";
  readonly fields: readonly Field[];
  readonly made: readonly MadeByService[];
  readonly relations: readonly Relation[];
  /** The input with the name in the workspace, for which there is a default. */
  readonly name: string;
  /** What is sent at creation whatever the settings. */
  readonly constants: Readonly<Record<string, unknown>>;
  /** The page that lists the settings; the messages list them where there is none. */
  readonly page?: string;
}

export const aksWebservice: Table = Object.freeze({
  type: "AksWebservice",
  fields,
  made: madeByService,
  relations,
  name: "serviceName",
  constants: { computeType: "AKS" },
  page: "docs/fields.md",
});

export const registeredModel: Table = Object.freeze({
  type: "Model",
  fields: modelFields,
  made: modelMade,
  relations: [],
  name: "modelName",
  constants: { datasets: [], mimeType: "application/json", unpack: false },
});

const rows = new Map(
  [aksWebservice, registeredModel].map((table) => [
    table,
    new Map(table.fields.map((row) => [row.input, row])),
  ]),
);

export const rowOf = (table: Table, input: string): Field | undefined => rows.get(table)!.get(input);
