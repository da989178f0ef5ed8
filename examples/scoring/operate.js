// What is done to a running service beside deploying it, from a script:
//   AZUREML_WORKSPACE_ID=/subscriptions/…/workspaces/… node operate.js fraud
const { Buffer } = require("node:buffer");
const azureml = require("pulumi-azureml");

async function main(name) {
  const service = await azureml.getService(name);
  console.log(`${name} is ${service.state} at ${service.scoringUri}`);

  // Fetches the key or token that the service asks for, and keeps it for the next call.
  for (const data of [[1, 2], [3]])
    console.log("scored:", JSON.stringify(await azureml.runService(name, { data })));
  console.log("scored bytes:", JSON.stringify(await azureml.runService(name, Buffer.from("image"))));

  console.log("tags:", await azureml.addServiceTags(name, { onCall: "alice" }));
  console.log("tags:", await azureml.removeServiceTags(name, ["onCall"]));
  console.log("properties:", await azureml.addServiceProperties(name, { reviewed: "2026-11" }));

  if (service.tokenAuthEnabled) {
    const { accessToken, expiryOn } = await azureml.getAccessToken(name);
    console.log(`a token of ${accessToken.length} letters, good until ${expiryOn}`);
    // The form that scripts for the Python class know; deprecated here as there.
    const [token, refreshAfter] = await azureml.getToken(name);
    console.log("still the same token:", token === accessToken, "until", refreshAfter);
  } else {
    // One key goes out of use while callers use the other.
    const before = await azureml.getKeys(name);
    const after = await azureml.regenerateKey(name, "Secondary");
    console.log("secondary key is new:", after.secondaryKey !== before.secondaryKey);
  }

  console.log("last line of the log:", await azureml.getLogs(name, { numLines: 1 }));
  console.log(
    "serialized:",
    Object.keys(azureml.serializeService(await azureml.getService(name))).length,
    "members",
  );
}

main(process.argv[2] ?? "fraud").catch((error) => {
  console.error(error.message);
  process.exitCode = 1;
});
