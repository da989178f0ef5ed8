import { OutOfScope } from "../out-of-scope";
import type { StackOutputs } from "../state/other-stacks";
import { typeOf } from "../state/urn";
import { containsSecrets, withoutSecrets } from "../values/property";
import type { PropertyMap } from "../values/property";
import { ProviderError, STATUS } from "./provider";
import type { Made, Provider } from "./provider";

export const BUILTIN_PACKAGE = "pulumi";
const STACK_REFERENCE = "pulumi:pulumi:StackReference";

/** The engine's own package: it reads the outputs of other stacks, and has nothing else here. */
export function builtinProvider(outputsOf: StackOutputs): Provider {
  const refuse = (urn: string): Promise<never> =>
    Promise.reject(new OutOfScope(`manage resources of type ${typeOf(urn)}`));
  return {
    configure: () => Promise.resolve(),
    check: (urn) => refuse(urn),
    diff: ({ urn }) => refuse(urn),
    create: (urn) => refuse(urn),
    update: ({ urn }) => refuse(urn),
    delete: ({ urn }) => refuse(urn),
    read: (urn, id, inputs) =>
      typeOf(urn) === STACK_REFERENCE ? readReference(outputsOf, id, inputs) : refuse(urn),
    close: () => Promise.resolve(),
  };
}

async function readReference(outputsOf: StackOutputs, id: string, inputs: PropertyMap): Promise<Made> {
  const name = withoutSecrets(inputs["name"] ?? "") as string;
  const outputs = await outputsOf(name).catch((error: Error) => {
    throw new ProviderError(error.message, STATUS.unknown);
  });
  const secret = Object.keys(outputs).filter((key) => containsSecrets(outputs[key] ?? null));
  return { id, inputs, outputs: { name, outputs, secretOutputNames: secret.sort() } };
}
