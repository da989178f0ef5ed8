"""Keys, tokens, scoring, logs, lists and deletes."""

import time

from scenario import Failed, equal, raises, scenario


@scenario("keys: generated, regenerated, set")
def _(w):
    service = w.deploy()
    first, second = service.get_keys()
    if not first or not second or first == second:
        raise Failed("two different keys are expected")
    service.regen_key("Primary")
    fresh, same = service.get_keys()
    equal("only the primary key changed", (fresh == first, same), (False, second))
    service.regen_key("secondary", set_key="chosen")
    equal("a chosen key", service.get_keys(), (fresh, "chosen"))


@scenario("run: with a key, a wrong key, a token, and open")
def _(w):
    service = w.deploy()
    equal("the answer", w.score(service), {"service": service.name, "models": ["sk:1"], "input": {"data": 1}})
    wrong = w.http("POST", service.scoring_uri, data="{}", headers={"Authorization": "Bearer wrong"})
    equal("a wrong key", wrong.status_code, 401)
    w.update(service, auth_enabled=False, token_auth_enabled=True)
    equal("with a token", w.score(service)["input"], {"data": 1})
    w.update(service, token_auth_enabled=False)
    equal("open", w.http("POST", service.scoring_uri, data="{}", headers={"Authorization": ""}).status_code, 200)


@scenario("run: a service that is busy is asked again")
def _(w):
    service = w.deploy()
    w.fault(method="POST", path=service.name + "/score$", status=503)
    equal("the answer", w.score(service)["service"], service.name)


@scenario("token: its text and its times")
def _(w):
    service = w.deploy(dict(auth_enabled=False, token_auth_enabled=True))
    answer = w.http("POST", "/services/%s/token" % service.name)
    body = answer.json()
    equal("the status and the type", (answer.status_code, body["tokenType"]), (201, "Bearer"))
    now = time.time()
    equal("the times", now < body["refreshAfter"] < body["expiryOn"] < now + 90000, True)
    token = service.get_access_token()
    equal("the client's token", bool(token.access_token) and token.token_type == "Bearer", True)


@scenario("logs: of the container and of the init container")
def _(w):
    service = w.deploy()
    if "sk:1" not in service.get_logs():
        raise Failed("the log does not name the model")
    equal("one line", len(service.get_logs(1).split("\n")), 1)
    equal("the init container's", bool(service.get_logs(5, init=True)), True)


@scenario("list: filters and pages")
def _(w):
    from azureml.core.webservice import Webservice

    mark = w.name()
    names = [w.deploy(dict(tags={"mark": mark, "n": str(n)}, properties={"p": str(n)})).name for n in range(5)]

    def listed(**filters):
        return [s.name for s in Webservice.list(w.workspace, **filters)]

    equal("all pages, in order", listed(tags=[["mark", mark]]), names)
    equal("the compute type", listed(tags=[["mark", mark]], compute_type="aks"), names)
    equal("another compute type", listed(tags=[["mark", mark]], compute_type="ACI"), [])
    equal("two tags", listed(tags=[["mark", mark], ["n", "3"]]), [names[3]])
    equal("a tag and a property", listed(tags=[["mark", mark]], properties=[["p", "1"]]), [names[1]])
    equal("a model", listed(tags=[["mark", mark]], model_name="sk"), names)
    equal("a model's id", listed(tags=[["mark", mark]], model_id="sk:9"), [])
    equal("an image", listed(tags=[["mark", mark]], image_name="img"), [])


@scenario("get: the serialised form is complete")
def _(w):
    service = w.get(w.deploy(dict(tags={"a": "1"})).name)
    form = service.serialize()
    equal("type, state, tags", (form["computeType"], form["state"], form["tags"]), ("AKS", "Healthy", {"a": "1"}))
    equal("models", [m["id"] for m in form["modelDetails"]], ["sk:1"])


@scenario("delete: gone, and again is nothing to do")
def _(w):
    name = w.deploy().name
    stale = w.get(name)
    stale.delete()
    raises("reading it", "NotFound", w.get, name)
    raises("updating it", "Response Code: 404", stale.update, description="late")
    raises("its keys", "404", stale.get_keys)
    raises("its logs", "404", stale.get_logs)
    stale.delete()
    equal("the status", w.http("DELETE", "/services/" + name).status_code, 204)
    w.deploy(name=name)


@scenario("errors: no token and a wrong token")
def _(w):
    for header in ("", "Bearer wrong"):
        answer = w.http("GET", "/services", headers={"Authorization": header})
        equal("the status", (answer.status_code, answer.json()["statusCode"]), (401, 401))
