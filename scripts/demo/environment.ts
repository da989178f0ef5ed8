/** Runs something with more environment variables than this process has; what it starts inherits them. */
export async function withEnvironment<T>(
  more: Readonly<Record<string, string>>,
  run: () => Promise<T>,
): Promise<T> {
  const before = Object.keys(more).map((name) => [name, process.env[name]] as const);
  Object.assign(process.env, more);
  try {
    return await run();
  } finally {
    for (const [name, value] of before) {
      if (value === undefined) delete process.env[name];
      else process.env[name] = value;
    }
  }
}

const foreign = /^(AZUREML_|AZURE_|ARM_|PULUMI_)/;

/** The machine's own credentials and Pulumi settings must play no part in what the demo shows. */
export function forgetOwnSettings(env: NodeJS.ProcessEnv = process.env): void {
  for (const name of Object.keys(env)) if (foreign.test(name)) delete env[name];
}
