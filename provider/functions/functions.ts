import { configKeys } from "../azure/settings";
import { getAccessToken, openTokenCache } from "./access-token";
import { checkArguments } from "./arguments";
import { checkConfiguration } from "./deploy-configuration";
import { getService, listServices } from "./describe-service";
import { getKeys, regenerateKey } from "./keys";
import { addProperties, addTags, removeTags } from "./labels";
import { getLogs } from "./logs";
import type { Outside } from "./outside";
import { runService } from "./run";

/** What can be asked of a workspace's services beside deploying them; tokens are shared by all of it. */
export const serviceFunctions = (outside: Outside) => {
  const tokens = openTokenCache(outside);
  return Object.freeze({
    configKeys,
    getService: getService(outside),
    listServices: listServices(outside),
    getKeys: getKeys(outside),
    regenerateKey: regenerateKey(outside),
    getLogs: getLogs(outside),
    getAccessToken: getAccessToken(outside, tokens),
    runService: runService(outside, tokens),
    addTags: addTags(outside),
    removeTags: removeTags(outside),
    addProperties: addProperties(outside),
    checkConfiguration,
    checkArguments,
  });
};
