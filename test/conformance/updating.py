"""Changing services."""

from deploying import FIXED, SCALED
from scenario import equal, raises, scenario

ONE_BY_ONE = [
    dict(cpu_cores=0.3),
    dict(cpu_cores_limit=0.6),
    dict(memory_gb=0.8),
    dict(memory_gb_limit=1.6),
    dict(gpu_cores=1),
    dict(num_replicas=4),
    dict(collect_model_data=False),
    dict(enable_app_insights=False),
    dict(scoring_timeout_ms=999),
    dict(replica_max_concurrent_requests=7),
    dict(max_request_wait_time=77),
    dict(period_seconds=21),
    dict(initial_delay_seconds=22),
    dict(timeout_seconds=23),
    dict(success_threshold=3),
    dict(failure_threshold=8),
    dict(namespace="other-namespace"),
    dict(description="another"),
    dict(tags={"only": "this"}),
    dict(auth_enabled=False),
    dict(token_auth_enabled=True),
]


@scenario("update: one parameter at a time, and nothing else moves")
def _(w):
    service = w.deploy(FIXED)
    state = dict(FIXED)
    for change in ONE_BY_ONE:
        w.update(service, **change)
        state.update(change)
        w.shows(service.name, state)


@scenario("update: everything together, to a fixed size and back to autoscaling")
def _(w):
    service = w.deploy(SCALED)
    change = dict(FIXED, autoscale_enabled=False)
    w.update(service, **change)
    w.shows(service.name, change)
    w.update(service, **SCALED)
    w.shows(service.name, SCALED)


@scenario("update: another model without code")
def _(w):
    service = w.deploy()
    w.update(service, models=[w.model("onnx:3")])
    equal("the model", [m.id for m in w.get(service.name).models], ["onnx:3"])


@scenario("update: refused while an operation runs; a delete is not")
def _(w):
    service = w.deploy()
    w.fault(method="PATCH", path="/services/", operation={"outcome": "stuck"})
    service.update(cpu_cores=0.2)
    raises("a second update", "Response Code: 409", service.update, cpu_cores=0.3)
    w.shows(service.name, {"cpu_cores": 0.2, "state": "Transitioning"})
    service.delete()
    raises("reading it", "NotFound", w.get, service.name)


@scenario("tags: added, replaced, removed, cleared")
def _(w):
    name = w.deploy(dict(tags={"a": "1", "b": "2"})).name
    w.get(name).add_tags({"b": "3", "c": "4"})
    w.shows(name, {"tags": {"a": "1", "b": "3", "c": "4"}})
    w.get(name).remove_tags(["a", "none"])
    w.shows(name, {"tags": {"b": "3", "c": "4"}})
    w.get(name).update(tags={"z": "9", "y": "8"})
    w.shows(name, {"tags": {"z": "9", "y": "8"}})
    w.get(name).update(tags={})
    w.shows(name, {"tags": {}})


@scenario("properties: added and kept, never changed")
def _(w):
    name = w.deploy(dict(properties={"p": "1"})).name
    w.get(name).add_properties({"q": "2"})
    w.shows(name, {"properties": {"p": "1", "q": "2"}})
    raises("a changed value", "immutable", w.get(name).update, properties={"p": "changed"})
    w.shows(name, {"properties": {"p": "1", "q": "2"}})
    w.get(name).update(properties={})
    equal("an empty patch", w.get(name).properties, {"p": "1", "q": "2"})


@scenario("update: a patch that cannot be is refused with an error document")
def _(w):
    name = w.deploy().name
    for path, value in (("/name", "x"), ("/computeName", "x"), ("/computeType", "ACI"), ("/nothing", 1)):
        patch = [{"op": "replace", "path": path, "value": value}]
        answer = w.http("PATCH", "/services/" + name, json=patch)
        equal("a patch of " + path, (answer.status_code, answer.json()["statusCode"]), (400, 400))


@scenario("migrate: the compute changes, and then no update is taken")
def _(w):
    service = w.deploy()
    service.update(is_migration=True, compute_target="k8s-a")
    equal("the state at once", service.state, "Migrating")
    service.wait_for_deployment(timeout_sec=10)
    w.shows(service.name, {"state": "Migrated", "compute_target_name": "k8s-a"})
    raises("an update", "migrated", w.get(service.name).update, cpu_cores=0.2)
