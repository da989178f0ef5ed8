/**
 * What the dynamic host understands as "made, but not ready": the engine keeps the resource with
 * these properties, shows the reasons, and calls update at the next `pulumi up`.
 *
 * Without `reasons` the engine forgets the failure, and without `__provider` among the properties
 * it can never delete the resource again.
 */
export class FailedResource extends Error {
  constructor(
    readonly id: string,
    readonly properties: Readonly<Record<string, unknown>>,
    readonly reasons: readonly string[],
  ) {
    // Sent beside the reasons, in the same 64 kB, and shown nowhere.
    super(reasons[0]?.split("\n")[0]);
    this.name = "FailedResource";
    this.stack = "";
  }
}
