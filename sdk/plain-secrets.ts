import * as pulumi from "@pulumi/pulumi";

const PROOFS = ["clientSecret", "clientCertificatePassword", "oidcToken", "oidcRequestToken"];

/** Configuration that proves who asks, and so should be a secret. */
export const secretConfigKeys: readonly string[] = [
  "azureml:accessToken",
  ...PROOFS.flatMap((name) => [`azureml:${name}`, `azure-native:${name}`]),
];

/** What Pulumi's own Config asks; a Pulumi without it leaves it open. */
const isPlain = (key: string): boolean =>
  (pulumi.runtime as { isConfigSecret?: (key: string) => boolean }).isConfigSecret?.(key) === false;

const warned = new Set<string>();

/** Says once for each stack which credentials its configuration holds in clear, and how to change that. */
export const warnOfPlainSecrets = (): void => {
  const plain = secretConfigKeys.filter((key) => pulumi.runtime.getConfig(key) && isPlain(key));
  const stack = `${pulumi.getProject()}/${pulumi.getStack()}`;
  for (const key of plain.filter((one) => !warned.has(`${stack} ${one}`))) {
    warned.add(`${stack} ${key}`);
    void pulumi.log.warn(
      `PlainSecret: ${key} must be a secret, and stands in clear in the stack's configuration and in the record of each update. ` +
        `Run \`pulumi config set --secret ${key}\`, and renew the credential where others can read these.`,
    );
  }
};
