import * as pulumi from "@pulumi/pulumi";
import { whenKnown } from "./outputs";
import type { WithInputs } from "./outputs";
import { placeOf } from "./place";
import { provider } from "./provider";
import type { AccessToken, FunctionOptions } from "./values";

/**
 * A token for a service with token authentication. It is kept, and another one asked for when `refreshAfter` has come.
 *
 * @param service its name or id
 * @throws BadRequest where the service does not use tokens; ClockSkew where this machine's clock is past a new token's end
 */
export const getAccessToken = async (service: string, options?: FunctionOptions): Promise<AccessToken> =>
  provider().getAccessToken(service, placeOf({ service }, options));

/** The same as an output, which is secret, asked for once the arguments are known. */
export const getAccessTokenOutput = (
  service: pulumi.Input<string>,
  options?: WithInputs<FunctionOptions>,
): pulumi.Output<AccessToken> => pulumi.secret(whenKnown(getAccessToken, [service, options]));

/**
 * The token, and when to ask for another one.
 *
 * @deprecated Use getAccessToken, which tells the end of the token too.
 */
export const getToken = async (
  service: string,
  options?: FunctionOptions,
): Promise<readonly [string, string]> => {
  const { accessToken, refreshAfter } = await getAccessToken(service, options);
  return [accessToken, refreshAfter];
};
