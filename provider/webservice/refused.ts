import { checkFailure, type Refusal } from "../core/check-failure";

/** What the program asks for that the live service would refuse, all together. */
export const refusedUpdate = (refusals: readonly Refusal[]): Error =>
  new Error(refusals.map((refusal) => checkFailure(refusal).reason).join("\n"));
