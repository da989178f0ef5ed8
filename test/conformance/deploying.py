"""Creating services, in all the ways of the client."""

from scenario import COMPUTE, Failed, equal, raises, scenario

DEFAULTS = dict(
    autoscale_enabled=True,
    autoscale_min_replicas=1,
    autoscale_max_replicas=10,
    autoscale_refresh_seconds=1,
    autoscale_target_utilization=70,
    collect_model_data=False,
    auth_enabled=True,
    token_auth_enabled=False,
    cpu_cores=0.1,
    cpu_cores_limit=None,
    memory_gb=0.5,
    memory_gb_limit=None,
    gpu_cores=0,
    enable_app_insights=False,
    scoring_timeout_ms=60000,
    replica_max_concurrent_requests=1,
    max_request_wait_time=500,
    period_seconds=10,
    initial_delay_seconds=310,
    timeout_seconds=2,
    success_threshold=1,
    failure_threshold=3,
    tags={},
    properties={},
    description=None,
    compute_target_name=COMPUTE,
)
FIXED = dict(
    num_replicas=3,
    cpu_cores=0.25,
    cpu_cores_limit=0.5,
    memory_gb=0.75,
    memory_gb_limit=1.5,
    gpu_cores=2,
    collect_model_data=True,
    enable_app_insights=True,
    scoring_timeout_ms=12345,
    replica_max_concurrent_requests=4,
    max_request_wait_time=321,
    auth_enabled=True,
    tags={"team": "risk", "x/y": "ä"},
    properties={"p": "1", "q": "two"},
    description="a description",
    namespace="some-namespace",
    period_seconds=11,
    initial_delay_seconds=12,
    timeout_seconds=13,
    success_threshold=2,
    failure_threshold=5,
)
SCALED = dict(
    autoscale_enabled=True,
    autoscale_min_replicas=2,
    autoscale_max_replicas=7,
    autoscale_refresh_seconds=9,
    autoscale_target_utilization=42,
)


@scenario("deploy: nothing given, every default")
def _(w):
    name = w.deploy().name
    w.shows(name, DEFAULTS)


@scenario("deploy: every setting of a fixed size")
def _(w):
    name = w.deploy(dict(FIXED, primary_key="k-one", secondary_key="k-two")).name
    service = w.shows(name, FIXED)
    equal("autoscaling", service.autoscaler.autoscale_enabled, False)
    equal("the keys", service.get_keys(), ("k-one", "k-two"))


@scenario("deploy: every setting of autoscaling, token authentication")
def _(w):
    settings = dict(SCALED, auth_enabled=False, token_auth_enabled=True)
    w.shows(w.deploy(settings).name, settings)


@scenario("deploy: transitioning while the operation runs, replicas and times shown")
def _(w):
    w.fault(method="POST", path="/services$", operation={"outcome": "stuck"})
    stuck = w.deploy(wait=False)
    equal("the state of a service whose operation runs", stuck.state, "Transitioning")
    raises("waiting for it", "polling exceeded timeout", stuck.wait_for_deployment, timeout_sec=1)
    service = w.deploy()
    status = w.get(service.name).deployment_status
    equal("the replicas", (status["desiredReplicas"], status["availableReplicas"]), (1, 1))
    if service.created_time is None or service.updated_time is None:
        raise Failed("the times are missing")


@scenario("deploy: the streaming log is shown while waiting")
def _(w):
    service = w.deploy(wait=False)
    service.wait_for_deployment(show_output=True, timeout_sec=10)
    equal("the state", service.state, "Healthy")


@scenario("deploy: a target object, a model of another framework")
def _(w):
    from azureml.core.compute import ComputeTarget

    target = ComputeTarget(w.workspace, COMPUTE)
    name = w.deploy(models=["onnx:2"], target=target).name
    service = w.shows(name, {"compute_target_name": COMPUTE})
    equal("the model", [(m.id, m.model_framework) for m in service.models], [("onnx:2", "Onnx")])


@scenario("deploy: an image, then another image")
def _(w):
    from azureml.core.compute import ComputeTarget
    from azureml.core.image import Image
    from azureml.core.webservice import AksWebservice, Webservice

    config = AksWebservice.deploy_configuration(cpu_cores=0.3, collect_model_data=False, tags={"a": "b"}, gpu_cores=1)
    target = ComputeTarget(w.workspace, COMPUTE)
    name = w.name()
    w.healthy(Webservice.deploy_from_image(w.workspace, name, Image(w.workspace, id="img:1"), config, target))
    service = w.shows(name, dict(cpu_cores=0.3, tags={"a": "b"}, gpu_cores=1, memory_gb=0.5, image_id="img:1"))
    w.update(service, image=Image(w.workspace, id="img:2"))
    w.shows(name, dict(image_id="img:2", cpu_cores=0.3))


@scenario("images: built by the client, deployed, listed, deleted")
def _(w):
    from azureml.core.compute import ComputeTarget
    from azureml.core.image import ContainerImage, Image
    from azureml.core.webservice import AksWebservice, Webservice

    w.script("0.1")
    config = ContainerImage.image_configuration(execution_script="score.py", runtime="python", tags={"a": "1"})
    image = Image.create(w.workspace, w.name(), [w.model()], config)
    image.wait_for_creation()
    equal("the image", (image.creation_state, image.version, image.tags), ("Succeeded", 1, {"a": "1"}))
    equal("the list", [i.id for i in Image.list(w.workspace, image_name=image.name)], [image.id])
    target = ComputeTarget(w.workspace, COMPUTE)
    service = Webservice.deploy_from_image(
        w.workspace, w.name(), image, AksWebservice.deploy_configuration(auth_enabled=False), target
    )
    equal("the image that answers", w.score(w.healthy(service))["imageId"], image.id)
    image.delete()
    equal("the list after a delete", Image.list(w.workspace, image_name=image.name), [])


@scenario("deploy: an entry script with an environment, then other code")
def _(w):
    service = w.deploy(dict(auth_enabled=False), inference=w.inference("1.0"))
    equal("the code that answers", w.score(service)["code"]["version"], "1.0")
    equal("the environment", w.get(service.name).environment.name, "env-a")
    w.update(w.get(service.name), inference_config=w.inference("1.1"))
    equal("the code after the update", w.score(service)["code"]["version"], "1.1")
    equal("the models are kept", [m.id for m in w.get(service.name).models], ["sk:1"])


@scenario("deploy: a source directory, then other code and another environment")
def _(w):
    service = w.deploy(dict(auth_enabled=False), inference=w.inference("2.0", "src"))
    first = w.score(service)["code"]
    equal("the code that answers", first["version"], "2.0")
    w.update(w.get(service.name), inference_config=w.inference("2.1", "src", "env-b"), cpu_cores=0.2)
    second = w.score(service)["code"]
    equal("the code after the update", (second["version"], second["sha256"] == first["sha256"]), ("2.1", False))
    equal("the environment", w.shows(service.name, {"cpu_cores": 0.2}).environment.name, "env-b")


@scenario("deploy: an entry script alone, and no model at all")
def _(w):
    from azureml.core.model import InferenceConfig

    w.script("3.0")
    service = w.deploy(dict(auth_enabled=False), inference=InferenceConfig(entry_script="score.py"))
    equal("the models", w.score(service)["models"], ["sk:1"])
    bare = w.deploy(dict(auth_enabled=False), models=[], inference=w.inference("3.1"))
    equal("no models", w.score(bare)["models"], [])


@scenario("deploy: a taken name is refused, an overwrite is a new definition")
def _(w):
    name = w.deploy(FIXED).name
    raises("a taken name", "already", w.deploy, name=name)
    answer = w.http("POST", "/services", json={"name": name, "computeType": "AKS", "computeName": COMPUTE,
                                               "environmentImageRequest": {"modelIds": ["sk:1"]}})
    equal("the POST itself", (answer.status_code, answer.json()["statusCode"]), (409, 409))
    w.shows(name, FIXED)
    w.deploy(dict(memory_gb=0.9), name=name, overwrite=True)
    w.shows(name, dict(DEFAULTS, memory_gb=0.9))


@scenario("deploy: a connection that breaks is tried again")
def _(w):
    w.fault(method="POST", path="/services$", cutBefore=True)
    w.fault(method="GET", path="/operations/", cutBefore=True, times=2)
    w.shows(w.deploy().name, {"cpu_cores": 0.1})


@scenario("deploy: a failed operation tells its error and its log")
def _(w):
    error = {"code": "KubernetesDeploymentFailed", "statusCode": 400, "message": "no luck", "details": []}
    w.fault(method="POST", path="/services$", operation={"outcome": "failed", "error": error})
    service = w.deploy(wait=False)
    text = raises("waiting", "Failed", service.wait_for_deployment, timeout_sec=10)
    if "no luck" not in text or "get_logs" not in text:
        raise Failed("the error is not in: " + text[:400])
    equal("the service", w.get(service.name).state, "Failed")


@scenario("deploy: a build that fails points to the operation's log")
def _(w):
    w.fault(method="POST", path="/services$", operation={"outcome": "failed", "phase": "BuildImage"})
    service = w.deploy(inference=w.inference("4.0"), wait=False)
    text = raises("waiting", "Failed", service.wait_for_deployment, timeout_sec=10)
    url = [word for word in text.split() if "/operationlogs/" in word][0]
    equal("the log", w.http("GET", url, headers={"Authorization": ""}).status_code, 200)


@scenario("deploy: a busy server is asked again")
def _(w):
    w.fault(method="POST", path="/services$", status=503, times=2)
    w.shows(w.deploy().name, {"cpu_cores": 0.1})
