/** What keeps a command from doing its work. The codes are stable; the message ends with the next step. */
export class CannotRun extends Error {
  constructor(
    readonly code: string,
    text: string,
  ) {
    super(text);
    this.name = "CannotRun";
  }
}

/** What an exit status means; anything else is what a signal leaves. Differences are those of `compare`. */
export const exitStatus = { fine: 0, differences: 1, findings: 2, cannotRun: 3 } as const;
export type ExitStatus = (typeof exitStatus)[keyof typeof exitStatus];
