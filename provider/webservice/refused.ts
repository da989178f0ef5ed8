import { failure, type Refusal } from "../core/failure";

/** What the program asks for that the live service would refuse, all together. */
export const refusedUpdate = (refusals: readonly Refusal[]): Error =>
  new Error(refusals.map((refusal) => failure(refusal).reason).join("\n"));
