"""What the server can be asked for: each is one thing that a user of azureml-core does."""

import contextlib
import os

from scenario import SHOWN

# Parameters that the client shows in another way than as an attribute.
SPECIAL = {
    "service_name": lambda service: service.name,
    "models": lambda service: [model.id for model in service.models],
    "primary_key": lambda service: service.get_keys()[0],
    "secondary_key": lambda service: service.get_keys()[1],
    "environment": lambda service: service.environment.name,
    "environment_variables": lambda service: service.environment.environment_variables,
    "subscription_id": lambda service: service.workspace.subscription_id,
    "resource_group_name": lambda service: service.workspace.resource_group,
    "workspace_name": lambda service: service.workspace.name,
}


@contextlib.contextmanager
def checkout(git):
    """The client writes these into the properties, as in a checkout of git."""
    os.environ.update(git)
    try:
        yield
    finally:
        for name in git:
            del os.environ[name]


def register(work, name):
    """A model of one file, which this makes and the client uploads."""
    from azureml.core.model import Model

    with open("model.bin", "w") as file:
        file.write("weights")
    return Model.register(work.workspace, "model.bin", name, model_framework="ScikitLearn").id


def deploy(work, name, config, models=("sk:1",), git=None, environment=None, version="1", folder=None):
    inference = None if environment is None else work.inference(version, folder, environment)
    with checkout(git or {}):
        return work.deploy(config, name=name, models=models, inference=inference).state


def deploy_failing(work, name, config):
    work.fault(method="POST", path="/services$", operation={"outcome": "failed", "log": ["the pod died"]})
    service = work.deploy(config, name=name, wait=False)
    try:
        service.wait_for_deployment(timeout_sec=10)
    finally:
        service.update_deployment_state()
    return service.state


def deploy_image(work, name, config, image):
    from azureml.core.compute import ComputeTarget
    from azureml.core.image import Image
    from azureml.core.webservice import AksWebservice, Webservice
    from scenario import COMPUTE

    settings = AksWebservice.deploy_configuration(**config)
    target = ComputeTarget(work.workspace, COMPUTE)
    service = Webservice.deploy_from_image(work.workspace, name, Image(work.workspace, id=image), settings, target)
    return work.healthy(service).state


def shown(service, parameter):
    if parameter in SPECIAL:
        return SPECIAL[parameter](service)
    for part in SHOWN.get(parameter, parameter).split("."):
        service = getattr(service, part)
    return service


def read(work, name, parameters):
    service = work.get(name)
    return {parameter: shown(service, parameter) for parameter in parameters}


def serialize(work, name):
    return work.get(name).serialize()


def names(work):
    from azureml.core.webservice import Webservice

    return sorted(service.name for service in Webservice.list(work.workspace))


def update(work, name, change, git=None):
    with checkout(git or {}):
        return work.update(work.get(name), **change).state


def update_code(work, name, version, environment):
    return work.update(work.get(name), inference_config=work.inference(version, environment=environment)).state


def add_tags(work, name, tags):
    work.get(name).add_tags(tags)


def remove_tags(work, name, keys):
    work.get(name).remove_tags(keys)


def add_properties(work, name, properties):
    work.get(name).add_properties(properties)


def get_keys(work, name):
    return work.get(name).get_keys()


def regen_key(work, name, key, set_key=None):
    work.get(name).regen_key(key, set_key)


def get_access_token(work, name):
    return work.get(name).get_access_token().access_token


def run(work, name, data):
    return work.score(work.get(name), data)


def get_logs(work, name):
    return work.get(name).get_logs()


def delete(work, name):
    work.get(name).delete()


def processor_seconds(work):
    import time

    return time.process_time()
