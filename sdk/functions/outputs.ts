import * as pulumi from "@pulumi/pulumi";
import { brief } from "../brief-error";

type MembersToo<Value> = Value extends object
  ? { readonly [Name in keyof Value]: pulumi.Input<Value[Name]> }
  : Value;

/** The same options or filters, of which each one may be an output or a promise. */
export type WithInputs<Given> = {
  readonly [Name in keyof Given]: pulumi.Input<MembersToo<Given[Name]>>;
};

/**
 * What a call gives once all of its arguments are known; not known before. Its error is passed on and not thrown anew: to a throw, Node.js
 * looks for a handler along each promise that waits, which takes as long again as `brief` saves.
 */
export const whenKnown = <Given extends readonly unknown[], Answer>(
  call: (...given: Given) => Promise<Answer>,
  given: { readonly [At in keyof Given]: unknown },
): pulumi.Output<Answer> =>
  pulumi
    .output([...(given as readonly unknown[])])
    .apply((known) =>
      call(...(known as unknown as Given)).catch((error: Error) => Promise.reject(brief(error))),
    ) as pulumi.Output<Answer>;
