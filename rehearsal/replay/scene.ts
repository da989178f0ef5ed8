/** Everything that one scenario's steps share. */
export interface Scene {
  readonly workDir: string;
  readonly projectDir: string;
  readonly stepFile: string;
  readonly traceFile: string;
  readonly env: Readonly<Record<string, string>>;
  readonly parallel: number;
  readonly passphrase: string;
  readonly stackName: string;
}
