"""Registered models."""

import os

from scenario import equal, raises, scenario


def _register(w, name, **more):
    from azureml.core.model import Model

    with open("model.bin", "w") as file:
        file.write("weights")
    return Model.register(w.workspace, "model.bin", name, **more)


@scenario("models: registered in versions, listed, served, deleted")
def _(w):
    from azureml.core.model import Model

    name = w.name()
    first = _register(w, name, tags={"a": "1"}, properties={"p": "1"}, description="d", model_framework="Onnx")
    second = _register(w, name, model_framework="ScikitLearn", model_framework_version="1.0")
    equal("the versions", (first.version, second.version), (1, 2))
    read = Model(w.workspace, id=first.id)
    equal("what is read back", (read.tags, read.properties, read.description, read.model_framework),
          ({"a": "1"}, {"p": "1"}, "d", "Onnx"))
    equal("the newest by name", Model(w.workspace, name).version, 2)
    equal("the list", [m.id for m in Model.list(w.workspace, name=name)], [second.id, first.id])
    service = w.deploy(dict(auth_enabled=False), models=[second.id])
    equal("the model that answers", w.score(service)["models"], [second.id])
    first.delete()
    equal("the list after a delete", [m.id for m in Model.list(w.workspace, name=name)], [second.id])
    raises("reading the deleted one", "ModelNotFound|not found", Model, w.workspace, id=first.id)


@scenario("models: a folder, updated tags and new properties")
def _(w):
    from azureml.core.model import Model

    os.makedirs("folder/inner", exist_ok=True)
    for path in ("folder/a.txt", "folder/inner/b.txt"):
        with open(path, "w") as file:
            file.write(path)
    model = Model.register(w.workspace, "folder", w.name(), tags={"a": "1"})
    model.add_tags({"b": "2"})
    model.add_properties({"p": "1"})
    model.update(description="new")
    read = Model(w.workspace, id=model.id)
    equal("what is read back", (read.tags, read.properties, read.description), ({"a": "1", "b": "2"}, {"p": "1"}, "new"))
