"""The judge of the bodies that an endpoint is made from: Microsoft's client, azure-ai-ml, without a network.

Reads one JSON document: web services by their settings, where each is to go, and one or more sets of bodies. For each body:

- the client's own objects are made from the same settings, and the members that it sends are compared one by one;
- Microsoft's REST models read the body: members that the API does not know, that cannot be written, or of a wrong type; and
  every number again in the web service's unit.

What the client's parameters mean for a setting is written down here by hand, and nowhere taken from the map that is judged.
"""

import datetime
import importlib.metadata
import io
import json
import logging
import re
import sys

logging.disable(logging.CRITICAL)

import requests.adapters
import urllib3
from azure.core.credentials import AccessToken, AccessTokenInfo

SENT = []


def answer_from_memory(_adapter, request, **_options):
    """Takes the place of the network: what is sent is kept, and answered as if it had been done."""
    text = request.body.decode() if isinstance(request.body, bytes) else request.body
    body = json.loads(text) if text else {}
    path = re.sub(r"^https://[^/]+|\?.*$", "", request.url)
    if request.method == "PUT":
        SENT.append((path, body))
    shown = {"id": path, "name": path.rsplit("/", 1)[1], "location": "westeurope", "tags": {}}
    shown["properties"] = {"authMode": "Key", "properties": {}, "traffic": {}, "discoveryUrl": "x", "workspaceId": "g"}
    shown = {**shown, **body}
    shown["properties"] = {**shown["properties"], "provisioningState": "Succeeded"}
    data = json.dumps(shown).encode()
    response = requests.Response()
    response.status_code, response.url, response.request = 200, request.url, request
    response.headers["Content-Type"] = "application/json"
    response.raw = urllib3.HTTPResponse(
        body=io.BytesIO(data), preload_content=False, status=200, headers={"Content-Type": "application/json"}
    )
    return response


requests.adapters.HTTPAdapter.send = answer_from_memory

from azure.ai.ml import MLClient
from azure.ai.ml._restclient.arm_ml_service import models as rest
from azure.ai.ml._restclient.arm_ml_service._utils.model_base import Model as RestModel
from azure.ai.ml.entities import (
    CodeConfiguration,
    DataCollector,
    DefaultScaleSettings,
    DeploymentCollection,
    KubernetesOnlineDeployment,
    KubernetesOnlineEndpoint,
    OnlineRequestSettings,
    ProbeSettings,
    ResourceRequirementsSettings,
    ResourceSettings,
    TargetUtilizationScaleSettings,
)

# What AksWebservice.deploy_configuration documents for parameters that are left out.
DEFAULTS = {
    "autoscaleMinReplicas": 1,
    "autoscaleMaxReplicas": 10,
    "autoscaleRefreshSeconds": 1,
    "autoscaleTargetUtilization": 70,
    "cpuCores": 0.1,
    "memoryGb": 0.5,
    "gpuCores": 0,
    "enableAppInsights": False,
    "scoringTimeoutMs": 60000,
    "replicaMaxConcurrentRequests": 1,
    "maxRequestWaitTime": 500,
    "periodSeconds": 10,
    "initialDelaySeconds": 310,
    "timeoutSeconds": 2,
    "successThreshold": 1,
    "failureThreshold": 3,
}
AUTOSCALER = ["autoscaleMinReplicas", "autoscaleMaxReplicas", "autoscaleRefreshSeconds", "autoscaleTargetUtilization"]


class Credential:
    def get_token(self, *_scopes, **_options):
        return AccessToken("token", 4102444800)

    def get_token_info(self, *_scopes, **_options):
        return AccessTokenInfo("token", 4102444800)


def parts_of(workspace_id):
    return re.fullmatch(r"/subscriptions/([^/]+)/resourceGroups/([^/]+)/providers/.+/workspaces/([^/]+)", workspace_id).groups()


class Service:
    """A web service in the words of its settings, with the defaults that hold for it."""

    def __init__(self, case):
        self.given = {name: value for name, value in case["settings"].items() if value is not None}
        self.to = case["destination"]
        self.deployment_name = case["deploymentName"]

    def __getitem__(self, name):
        return self.given.get(name, DEFAULTS.get(name))

    @property
    def scales(self):
        if "autoscaleEnabled" in self.given:
            return self.given["autoscaleEnabled"]
        return "numReplicas" not in self.given or any(name in self.given for name in AUTOSCALER)

    @property
    def auth(self):
        if self["tokenAuthEnabled"]:
            return "aml_token"
        chosen = {"Key": "key", "AMLToken": "aml_token", "AADToken": "aad_token", None: "key"}
        return chosen[self.to.get("authMode")] if self["authEnabled"] is False else "key"

    @property
    def limits(self):
        """CPU, memory and GPU; beside GPUs the first two cannot be left out."""
        gpu = self["gpuCores"]
        cpu = self["cpuCoresLimit"] or (self["cpuCores"] if gpu else None)
        memory = self["memoryGbLimit"] or (self["memoryGb"] if gpu else None)
        return cpu, memory, gpu or None

    def asset(self, kind, name_and_version):
        name, version = name_and_version.rsplit(":", 1)
        return f"{self.to['workspaceId']}/{kind}/{name}/versions/{version}"

    @property
    def model(self):
        models = self["models"] or []
        return self.to.get("model") or (self.asset("models", models[0]) if len(models) == 1 else None)

    @property
    def environment(self):
        config = self["inferenceConfig"]
        if config is None:
            return self.to.get("environmentId") if self["imageId"] else None
        named = config.get("environment")
        return self.to.get("environmentId") or (self.asset("environments", named) if isinstance(named, str) else None)

    @property
    def variables(self):
        environment = (self["inferenceConfig"] or {}).get("environment")
        return environment.get("environmentVariables") if isinstance(environment, dict) else None

    @property
    def code(self):
        config, code = self["inferenceConfig"], self.to.get("codeId")
        return CodeConfiguration(code=code, scoring_script=config["entryScript"]) if config and code else None


def cores(count):
    return None if count is None else (str(int(count)) if count == int(count) else f"{round(count * 1000)}m")


def memory(gigabytes):
    return None if gigabytes is None else f"{gigabytes:g}Gi"


def resource(cpu, gigabytes, gpu=None):
    if cpu is None and gigabytes is None and gpu is None:
        return None
    return ResourceSettings(cpu=cores(cpu), memory=memory(gigabytes), gpu=None if gpu is None else str(gpu))


def scale_settings(service):
    if not service.scales:
        return DefaultScaleSettings()
    return TargetUtilizationScaleSettings(
        min_instances=service["autoscaleMinReplicas"],
        max_instances=service["autoscaleMaxReplicas"],
        polling_interval=service["autoscaleRefreshSeconds"],
        target_utilization_percentage=service["autoscaleTargetUtilization"],
    )


def deployment_of(service):
    collected = DataCollector(
        collections={name: DeploymentCollection(enabled="true") for name in ("model_inputs", "model_outputs")}
    )
    return KubernetesOnlineDeployment(
        name=service.deployment_name,
        endpoint_name=service["serviceName"],
        tags=service["tags"],
        properties=service["properties"],
        description=service["description"],
        model=service.model,
        environment=service.environment,
        environment_variables=service.variables,
        code_configuration=service.code,
        app_insights_enabled=service["enableAppInsights"],
        scale_settings=scale_settings(service),
        instance_count=None if service.scales else service["numReplicas"],
        instance_type=service.to.get("instanceType"),
        request_settings=OnlineRequestSettings(
            request_timeout_ms=service["scoringTimeoutMs"],
            max_queue_wait_ms=service["maxRequestWaitTime"],
            max_concurrent_requests_per_instance=service["replicaMaxConcurrentRequests"],
        ),
        liveness_probe=ProbeSettings(
            period=service["periodSeconds"],
            initial_delay=service["initialDelaySeconds"],
            timeout=service["timeoutSeconds"],
            success_threshold=service["successThreshold"],
            failure_threshold=service["failureThreshold"],
        ),
        resources=ResourceRequirementsSettings(
            requests=resource(service["cpuCores"], service["memoryGb"]), limits=resource(*service.limits)
        ),
        **({"data_collector": collected} if service["collectModelData"] else {}),
    )


def endpoint_of(service):
    return KubernetesOnlineEndpoint(
        name=service["serviceName"],
        compute=f"{service.to['workspaceId']}/computes/{service.to['compute']}",
        auth_mode=service.auth,
        description=service["description"],
        tags=service["tags"],
    )


def sent_by_client(client, service):
    """The bodies that the client puts, and where it puts them."""
    SENT.clear()
    client.online_endpoints.begin_create_or_update(endpoint_of(service)).result()
    client.online_deployments.begin_create_or_update(deployment_of(service), skip_script_validation=True).result()
    puts = {}
    for path, body in SENT:
        where = re.fullmatch(
            r".*/resourceGroups/([^/]+)/providers/.+/workspaces/([^/]+)/onlineEndpoints/([^/]+)(?:/deployments/([^/]+))?", path
        )
        if where:
            names = dict(zip(("resourceGroupName", "workspaceName", "endpointName", "deploymentName"), where.groups()))
            puts["deployment" if names["deploymentName"] else "endpoint"] = {**body, **names}
    return puts


# Where our body has a member and the client cannot, or need not.
ALLOWED = ("/properties/keys", "/properties/publicNetworkAccess")


def members(body, path=""):
    """Every member with a value, by its path; null, {} and [] say nothing."""
    if isinstance(body, dict):
        for name, value in body.items():
            yield from members(value, f"{path}/{name}")
    elif body is not None and body != []:
        yield path, body


def differences(on, ours, theirs):
    mine, other = dict(members(ours)), dict(members(theirs))
    for path in sorted({*mine, *other}):
        if not path.startswith(ALLOWED) and json.dumps(mine.get(path)) != json.dumps(other.get(path)):
            yield {"on": on, "path": path, "ours": mine.get(path), "theirs": other.get(path)}


NAMES = {"resourceGroupName", "workspaceName", "endpointName", "deploymentName"}
TYPES = {"str": str, "int": int, "bool": bool}


def annotation(cls, name):
    return next((str(base.__annotations__[name]) for base in cls.__mro__ if name in getattr(base, "__annotations__", {})), "")


def misread(model, raw, path):
    """What Microsoft's model of an object does not take as it is."""
    known = {field._rest_name: (name, field) for name, field in model._attr_to_rest_field.items()}
    for key, value in raw.items():
        here = f"{path}/{key}"
        if key not in known:
            yield here, "the API does not know it"
            continue
        name, field = known[key]
        if field._visibility == ["read"]:
            yield here, "it can only be read"
        try:
            read = getattr(model, name)
        except Exception as error:  # whatever the model says of it is a finding
            yield here, f"it cannot be read: {error}"
            continue
        wanted = annotation(type(model), name)
        if isinstance(read, RestModel) and isinstance(value, dict):
            yield from misread(read, value, here)
        elif "timedelta" in wanted and not isinstance(read, datetime.timedelta):
            yield here, "it is no duration"
        else:
            for type_name, python_type in TYPES.items():
                if f"Optional[{type_name}]" in wanted and type(value) is not python_type:
                    yield here, f"it is no {type_name}"


def quantity(text):
    """A Kubernetes quantity as a number of cores or Gi; text of another form is left as it is."""
    number, unit = re.fullmatch(r"([0-9.]+)(m|Ki|Mi|Gi|[kMGT]?)", text).groups()
    scale = {"": 1, "m": 1e-3, "Ki": 2**-20, "Mi": 2**-10, "Gi": 1, "k": 1e3 / 2**30, "M": 1e6 / 2**30, "G": 1e9 / 2**30, "T": 1e12 / 2**30}
    return round(float(number) * scale[unit], 9)


def in_old_units(endpoint, deployment):
    """A web service's settings as an endpoint and a deployment say them."""
    told, e, d = {}, endpoint.properties, deployment.properties
    seconds = lambda duration: duration.total_seconds()
    if e.keys_property is not None:
        told["primaryKey"], told["secondaryKey"] = e.keys_property.primary_key, e.keys_property.secondary_key
    told["auth"] = e.auth_mode
    requests_, probe, scale = d.request_settings, d.liveness_probe, d.scale_settings
    told["scoringTimeoutMs"] = seconds(requests_.request_timeout) * 1000
    told["maxRequestWaitTime"] = seconds(requests_.max_queue_wait) * 1000
    told["replicaMaxConcurrentRequests"] = requests_.max_concurrent_requests_per_instance
    told["periodSeconds"], told["timeoutSeconds"] = seconds(probe.period), seconds(probe.timeout)
    told["initialDelaySeconds"] = seconds(probe.initial_delay)
    told["successThreshold"], told["failureThreshold"] = probe.success_threshold, probe.failure_threshold
    told["scales"] = type(scale).__name__ == "TargetUtilizationScaleSettings"
    if told["scales"]:
        told["autoscaleMinReplicas"], told["autoscaleMaxReplicas"] = scale.min_instances, scale.max_instances
        told["autoscaleRefreshSeconds"] = seconds(scale.polling_interval)
        told["autoscaleTargetUtilization"] = scale.target_utilization_percentage
    else:
        told["numReplicas"] = deployment.sku.capacity
    least, most = d.container_resource_requirements.container_resource_requests, d.container_resource_requirements.container_resource_limits
    told["cpuCores"], told["memoryGb"] = quantity(least.cpu), quantity(least.memory)
    if most is not None:
        told["cpuCoresLimit"] = quantity(most.cpu) if most.cpu else None
        told["memoryGbLimit"] = quantity(most.memory) if most.memory else None
        told["gpuCores"] = int(most.gpu) if most.gpu else None
    told["enableAppInsights"] = d.app_insights_enabled
    return {name: value for name, value in told.items() if value is not None}


def expected(service):
    names = list(DEFAULTS)
    wanted = {name: service[name] for name in names if name not in AUTOSCALER and name != "gpuCores"}
    wanted["scales"] = service.scales
    for name in AUTOSCALER if service.scales else ["numReplicas"]:
        wanted[name] = service[name]
    wanted["cpuCoresLimit"], wanted["memoryGbLimit"], wanted["gpuCores"] = service.limits
    wanted["auth"] = {"key": "Key", "aml_token": "AMLToken", "aad_token": "AADToken"}[service.auth]
    if service.auth == "key":
        wanted["primaryKey"], wanted["secondaryKey"] = service["primaryKey"], service["secondaryKey"]
    return {name: value for name, value in wanted.items() if value is not None}


def findings(service, bodies):
    plain = {on: {name: value for name, value in bodies[on].items() if name not in NAMES} for on in bodies}
    read = {"endpoint": rest.OnlineEndpoint(plain["endpoint"]), "deployment": rest.OnlineDeployment(plain["deployment"])}
    for on in ("endpoint", "deployment"):
        for path, says in misread(read[on], plain[on], ""):
            yield {"on": on, "path": path, "says": says}
    try:
        told = in_old_units(read["endpoint"], read["deployment"])
    except Exception as error:  # a body that cannot be read back at all
        yield {"on": "deployment", "path": "", "says": f"it cannot be read back: {error!r}"}
        return
    wanted = expected(service)
    for name in sorted({*told, *wanted}):
        mine, theirs = told.get(name), wanted.get(name)
        numbers = all(isinstance(value, (int, float)) for value in (mine, theirs))
        if abs(mine - theirs) > 1e-9 if numbers else mine != theirs:
            yield {"on": "both", "path": name, "says": f"reads as {mine!r} in the web service's unit, expected {theirs!r}"}


def main():
    task = json.load(sys.stdin)
    services = [Service(case) for case in task["cases"]]
    clients = {}
    theirs = []
    for service in services:
        place = parts_of(service.to["workspaceId"])
        if place not in clients:
            clients[place] = MLClient(Credential(), *place, enable_telemetry=False)
        theirs.append(sent_by_client(clients[place], service))
    results = []
    for variant in task["variants"]:
        different, found, count = [], [], 0
        for number, (service, bodies, sent) in enumerate(zip(services, variant["bodies"], theirs)):
            for on in ("endpoint", "deployment"):
                count += len(dict(members(sent[on])))
                different += [{"service": number, **entry} for entry in differences(on, bodies[on], sent[on])]
            found += [{"service": number, **entry} for entry in findings(service, bodies)]
        results.append({"name": variant["name"], "members": count, "different": different, "findings": found})
    json.dump({"client": importlib.metadata.version("azure-ai-ml"), "results": results}, sys.stdout)


main()
