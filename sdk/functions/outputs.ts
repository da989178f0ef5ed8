import * as pulumi from "@pulumi/pulumi";

type MembersToo<Value> = Value extends object
  ? { readonly [Name in keyof Value]: pulumi.Input<Value[Name]> }
  : Value;

/** The same options or filters, of which each one may be an output or a promise. */
export type WithInputs<Given> = {
  readonly [Name in keyof Given]: pulumi.Input<MembersToo<Given[Name]>>;
};

/** What a call gives once all of its arguments are known; not known before. */
export const whenKnown = <Given extends readonly unknown[], Answer>(
  call: (...given: Given) => Promise<Answer>,
  given: { readonly [At in keyof Given]: unknown },
): pulumi.Output<Answer> =>
  pulumi.output([...(given as readonly unknown[])]).apply((known) => call(...(known as unknown as Given)));
