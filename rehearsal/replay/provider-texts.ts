/** The stored provider texts of the recordings' provider, and how the recordings name them. */
export const TEXT_NAMES: ReadonlyMap<string, string> = new Map([
  ['exports.handler=()=>require("trace-provider");', "<provider v1>"],
  ['exports.handler=()=>require("trace-provider/v2");', "<provider v2>"],
  ['exports.handler=()=>require("trace-provider/not-there");', "<provider broken>"],
]);
