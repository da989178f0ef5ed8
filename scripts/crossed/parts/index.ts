import type { Crossing } from "../crossing";
import { adopted } from "./adopted";
import { code } from "./code";
import { made } from "./made";
import { serialized } from "./serialized";

/** One part; it leaves the workspace and the stack empty. */
export interface Part {
  readonly name: string;
  readonly run: (crossing: Crossing) => Promise<void>;
}

export const parts: readonly Part[] = [
  { name: "made by the Python client, adopted by a program", run: adopted },
  { name: "made by a program, used by the Python client", run: made },
  { name: "code from both", run: code },
  { name: "serialized by both", run: serialized },
];
