const foreign = /^(AZUREML_|AZURE_|ARM_|PULUMI_)/;

/** The machine's own credentials and Pulumi settings must play no part in what the demo shows. */
export function forgetOwnSettings(env: NodeJS.ProcessEnv = process.env): void {
  for (const name of Object.keys(env)) if (foreign.test(name)) delete env[name];
}
