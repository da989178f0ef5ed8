import { configKeys } from "../azure/settings";
import { checkArguments, checkConfiguration } from "./arguments";
import { getAccessToken, getKeys, openTokenCache, regenerateKey } from "./credentials";
import type { FunctionContext } from "./find-service";
import { addProperties, addTags, removeTags } from "./labels";
import { runService } from "./run";
import { getLogs, getService, listServices } from "./services";

/** What can be asked of a workspace's services beside deploying them; tokens are shared by all of it. */
export const serviceFunctions = (context: FunctionContext) => {
  const tokens = openTokenCache(context);
  return Object.freeze({
    configKeys,
    getService: getService(context),
    listServices: listServices(context),
    getKeys: getKeys(context),
    regenerateKey: regenerateKey(context),
    getLogs: getLogs(context),
    getAccessToken: getAccessToken(context, tokens),
    runService: runService(context, tokens),
    addTags: addTags(context),
    removeTags: removeTags(context),
    addProperties: addProperties(context),
    checkConfiguration,
    checkArguments,
  });
};
