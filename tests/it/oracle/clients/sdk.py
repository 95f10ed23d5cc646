"""Drives a registry with Azure's SDK for Python: one verb per run, its answer as one JSON value.

sdk.py login                                   true
sdk.py push LAYOUT ENDPOINT REPOSITORY TAG     the digest of the manifest
sdk.py tags ENDPOINT REPOSITORY                the tags
sdk.py pull ENDPOINT REPOSITORY TAG            the digest of the manifest, and of all bytes that came
sdk.py delete ENDPOINT REPOSITORY TAG          how many manifests are left

The service principal is in AZURE_TENANT_ID, AZURE_CLIENT_ID and AZURE_CLIENT_SECRET, its authority
in AZURE_AUTHORITY_HOST, and the certificate to trust in CA_FILE.
"""

import hashlib
import json
import os
import pathlib
import sys

from azure.containerregistry import ContainerRegistryClient
from azure.core.exceptions import ResourceNotFoundError
from azure.identity import ClientSecretCredential


def credential():
    return ClientSecretCredential(
        os.environ["AZURE_TENANT_ID"],
        os.environ["AZURE_CLIENT_ID"],
        os.environ["AZURE_CLIENT_SECRET"],
        authority=os.environ["AZURE_AUTHORITY_HOST"],
        disable_instance_discovery=True,
        connection_verify=os.environ["CA_FILE"],
    )


def client(endpoint):
    return ContainerRegistryClient(endpoint, credential(), connection_verify=os.environ["CA_FILE"])


def digest(content):
    return "sha256:" + hashlib.sha256(content).hexdigest()


def login():
    return bool(credential().get_token("https://containerregistry.azure.net/.default").token)


def push(layout, endpoint, repository, tag):
    folder = pathlib.Path(layout)
    [entry] = json.loads((folder / "index.json").read_text())["manifests"]
    blob = lambda name: folder / "blobs" / name.replace(":", "/")
    manifest = json.loads(blob(entry["digest"]).read_text())
    with client(endpoint) as registry:
        for part in [manifest["config"], *manifest["layers"]]:
            with blob(part["digest"]).open("rb") as content:
                uploaded, size = registry.upload_blob(repository, content)
            assert (uploaded, size) == (part["digest"], part["size"])
        with blob(entry["digest"]).open("rb") as content:
            return registry.set_manifest(repository, content, tag=tag, media_type=entry["mediaType"])


def tags(endpoint, repository):
    with client(endpoint) as registry:
        return [tag.name for tag in registry.list_tag_properties(repository)]


def pull(endpoint, repository, tag):
    with client(endpoint) as registry:
        found = registry.get_manifest(repository, tag)
        contents = []
        for part in [found.manifest["config"], *found.manifest["layers"]]:
            content = b"".join(registry.download_blob(repository, part["digest"]))
            contents.append(digest(content))
        return {"digest": found.digest, "contents": contents}


def delete(endpoint, repository, tag):
    with client(endpoint) as registry:
        manifest = registry.get_tag_properties(repository, tag).digest
        registry.delete_tag(repository, tag)
        registry.delete_manifest(repository, manifest)
        try:
            return len(list(registry.list_manifest_properties(repository)))
        except ResourceNotFoundError:
            # With its last manifest a repository goes.
            return 0


VERBS = {"login": login, "push": push, "tags": tags, "pull": pull, "delete": delete}

if __name__ == "__main__":
    verb, *words = sys.argv[1:]
    print(json.dumps(VERBS[verb](*words)))
