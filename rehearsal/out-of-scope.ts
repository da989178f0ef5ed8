/** The rehearsal was asked for something that it would not do as the engine does. */
export class OutOfScope extends Error {
  /** @param feature completes the sentence "the rehearsal does not …" */
  constructor(readonly feature: string) {
    super(`the rehearsal does not ${feature}; use the Pulumi CLI`);
  }
}
