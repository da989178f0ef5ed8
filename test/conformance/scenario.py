"""What a scenario is, and what it works with."""

import json
import os
import re
import uuid

SCENARIOS = []
COMPUTE = "aks-test"

# A parameter of deploy_configuration or update -> where the client shows it when it reads the service.
SHOWN = {
    "autoscale_enabled": "autoscaler.autoscale_enabled",
    "autoscale_min_replicas": "autoscaler.min_replicas",
    "autoscale_max_replicas": "autoscaler.max_replicas",
    "autoscale_refresh_seconds": "autoscaler.refresh_period_seconds",
    "autoscale_target_utilization": "autoscaler.target_utilization",
    "collect_model_data": "data_collection.storage_enabled",
    "cpu_cores": "container_resource_requirements.cpu",
    "cpu_cores_limit": "container_resource_requirements.cpu_limit",
    "memory_gb": "container_resource_requirements.memory_in_gb",
    "memory_gb_limit": "container_resource_requirements.memory_in_gb_limit",
    "gpu_cores": "container_resource_requirements.gpu",
    "replica_max_concurrent_requests": "max_concurrent_requests_per_container",
    "period_seconds": "liveness_probe_requirements.period_seconds",
    "initial_delay_seconds": "liveness_probe_requirements.initial_delay_seconds",
    "timeout_seconds": "liveness_probe_requirements.timeout_seconds",
    "success_threshold": "liveness_probe_requirements.success_threshold",
    "failure_threshold": "liveness_probe_requirements.failure_threshold",
    "compute_target_name": "compute_name",
}


class Failed(Exception):
    """A scenario found something else than it expected."""


def scenario(name):
    def register(function):
        SCENARIOS.append((name, function))
        return function

    return register


def equal(what, found, expected):
    if found != expected:
        raise Failed("%s: expected %r, found %r" % (what, expected, found))


def raises(what, pattern, function, *args, **kwargs):
    """The function must raise a WebserviceException whose text matches; gives the text."""
    from azureml.exceptions import WebserviceException

    try:
        function(*args, **kwargs)
    except WebserviceException as error:
        text = error.message or str(error)
        if not re.search(pattern, text, re.IGNORECASE):
            raise Failed("%s: expected an error /%s/, found: %s" % (what, pattern, text[:400]))
        return text
    raise Failed("%s: expected an error /%s/, nothing was raised" % (what, pattern))


class Work:
    """The workspace, and the services that a scenario makes in it."""

    def __init__(self, workspace, url, workspace_id, token):
        self.workspace, self.url, self.token = workspace, url, token
        self.base = url + "/modelmanagement/v1.0" + workspace_id
        self.names = []

    def name(self):
        self.names.append("cf-" + uuid.uuid4().hex[:10])
        return self.names[-1]

    def http(self, method, path, **kwargs):
        import requests

        headers = {"Authorization": "Bearer " + self.token}
        url = path if path.startswith("http") else self.base + path
        return requests.request(method, url, headers={**headers, **kwargs.pop("headers", {})}, timeout=30, **kwargs)

    def fault(self, **rule):
        import requests

        requests.post(self.url + "/_emulator/faults", json=rule, timeout=30).raise_for_status()

    def model(self, model_id="sk:1"):
        from azureml.core.model import Model

        return Model(self.workspace, id=model_id)

    def get(self, name):
        from azureml.core.webservice import Webservice

        return Webservice(self.workspace, name)

    def deploy(self, config=None, name=None, models=("sk:1",), inference=None, wait=True, overwrite=False, target=None):
        from azureml.core.model import Model
        from azureml.core.webservice import AksWebservice

        settings = dict(config or {})
        if target is None:
            settings.setdefault("compute_target_name", COMPUTE)
        service = Model.deploy(
            self.workspace,
            name or self.name(),
            [self.model(m) for m in models],
            inference,
            AksWebservice.deploy_configuration(**settings),
            deployment_target=target,
            overwrite=overwrite,
        )
        return self.healthy(service) if wait else service

    def healthy(self, service):
        service.wait_for_deployment(timeout_sec=10)
        equal("the state after waiting", service.state, "Healthy")
        return service

    def update(self, service, **change):
        service.update(**change)
        return self.healthy(service)

    def shows(self, name, settings):
        """A fresh read has these settings; gives the service. Of properties only the given keys count."""
        service = self.get(name)
        for key, expected in settings.items():
            found = service
            for part in SHOWN.get(key, key).split("."):
                found = getattr(found, part)
            if key == "properties":
                found = {k: found.get(k) for k in expected}
            equal("the %s that is read back" % key, found, expected)
        return service

    def script(self, version, folder=None):
        """Writes score.py with that VERSION into the working directory, or into a folder of it."""
        where = os.path.join(os.getcwd(), folder or "")
        os.makedirs(where, exist_ok=True)
        with open(os.path.join(where, "score.py"), "w") as file:
            file.write('VERSION = "%s"\n\n\ndef init():\n    pass\n\n\ndef run(data):\n    return data\n' % version)
        return where

    def inference(self, version, folder=None, environment="env-a"):
        from azureml.core import Environment
        from azureml.core.model import InferenceConfig

        where = self.script(version, folder)
        source = {} if folder is None else {"source_directory": where}
        return InferenceConfig(entry_script="score.py", environment=Environment(environment), **source)

    def score(self, service, data=None):
        return service.run(json.dumps({"data": 1} if data is None else data))

    def clean(self):
        for name in self.names:
            self.http("DELETE", "/services/" + name)
