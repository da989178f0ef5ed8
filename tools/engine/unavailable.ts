/** There is no engine. The exit code tells a registry that does not answer (75, try again later) from the rest (1). */
export class EngineUnavailable extends Error {
  override readonly name = "EngineUnavailable";

  constructor(
    message: string,
    readonly exitCode: 1 | 75 = 1,
  ) {
    super(message);
  }
}
