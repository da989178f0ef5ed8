import { proof, row, type Row } from "./row";

const WIRE = "test/contract/wire/wire.test.ts";
const given = "the provider, given what the Python client was given";

/** The parameters of `update` that say what runs, and the two of a migration. */
export const updatesApart: readonly Row[] = [
  row(
    "update",
    "image",
    "`imageId`",
    [
      proof("test/lifecycle/rows/rows.test.ts", "imageId update does exactly what it must"),
      proof(WIRE, `${given} update.image`),
    ],
    "unchanged",
  ),
  row(
    "update",
    "models",
    "`models`",
    [
      proof("test/lifecycle/rows/rows.test.ts", "models update does exactly what it must"),
      proof(WIRE, `${given} update.models_no_code`),
    ],
    "unchanged",
  ),
];
