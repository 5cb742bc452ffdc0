"""Makes the secrets of a suite in containers, once, and gives them as an env file or as Kubernetes Secrets.

    python -m deploy.container_secrets compose      # writes .run/containers/compose.env for deploy/compose.yaml
    python -m deploy.container_secrets kubernetes | kubectl apply -f -

For trying out. In production a secret manager writes the same names (docs/how-to/deploy-to-kubernetes.md).
"""

import json
import sys
from collections.abc import Sequence
from pathlib import Path

from chassis.identity import public_jwks
from deploy.local.keys import OWNERS, SERVICES, load_or_create_keys, write_private

FOLDER = Path(__file__).resolve().parents[1] / ".run" / "containers"
NAMESPACE = "producer-portal"

Variables = dict[str, str]


def backing(keys: Variables) -> Variables:
    """What broker and database are started with."""
    return {
        "RABBITMQ_DEFAULT_USER": "suite",
        "RABBITMQ_DEFAULT_PASS": keys["rabbitmq"],
        "POSTGRES_PASSWORD": keys["postgres"],
    }


def of_owner(keys: Variables, owner: str) -> Variables:
    """What the processes of one service get and no other process but the relay does."""
    prefix = owner.upper()
    return {
        **broker(keys),
        **database(keys, owner),
        f"{prefix}_IDENTITY_KEY": keys[f"identity.{owner}"],
        **{name: value for name, value in keys.items() if name.startswith(f"{prefix}_")},
    }


def of_migration(keys: Variables, owner: str) -> Variables:
    """Here processes and migration have one database role and one broker user, the administrators'."""
    return broker(keys) | database(keys, owner)


def of_relay(keys: Variables) -> Variables:
    """The databases with the outboxes; no key, for it calls nobody."""
    return broker(keys) | {name: url for service in SERVICES for name, url in database(keys, service).items()}


def broker(keys: Variables) -> Variables:
    return {"AMQP_URL": f"amqp://suite:{keys['rabbitmq']}@rabbitmq:5672/"}


def database(keys: Variables, owner: str) -> Variables:
    return {f"{owner.upper()}_DATABASE_URL": f"postgresql://postgres:{keys['postgres']}@postgresql:5432/{owner}"}


def trusted(keys: Variables) -> Variables:
    return {"IDENTITY_TRUSTED_KEYS": public_jwks([keys[f"identity.{owner}"] for owner in OWNERS])}


def compose(keys: Variables) -> str:
    """One env file for all: on one machine nothing keeps the processes apart anyway."""
    everything = backing(keys) | trusted(keys)
    for owner in OWNERS:
        everything |= of_owner(keys, owner)
    return "\n".join(f"{name}={value}" for name, value in everything.items())


def kubernetes(keys: Variables) -> str:
    """A Secret for each service and one for the relay, and the public keys for all."""
    manifests = [_manifest("Secret", f"{owner}-secrets", "stringData", of_owner(keys, owner)) for owner in OWNERS]
    manifests += [
        _manifest("Secret", f"{owner}-migrate-secrets", "stringData", of_migration(keys, owner)) for owner in OWNERS
    ]
    manifests.append(_manifest("Secret", "relay-secrets", "stringData", of_relay(keys)))
    manifests.append(_manifest("Secret", "backing-secrets", "stringData", backing(keys)))
    manifests.append(_manifest("ConfigMap", "identity-trusted-keys", "data", trusted(keys)))
    return "\n---\n".join(json.dumps(manifest) for manifest in manifests)  # JSON is YAML


def _manifest(kind: str, name: str, field: str, values: Variables) -> dict[str, object]:
    return {"apiVersion": "v1", "kind": kind, "metadata": {"name": name, "namespace": NAMESPACE}, field: values}


def main(arguments: Sequence[str], folder: Path = FOLDER) -> None:
    if arguments not in (["compose"], ["kubernetes"]):
        raise SystemExit("Usage: python -m deploy.container_secrets compose|kubernetes")
    folder.mkdir(parents=True, exist_ok=True)
    keys = load_or_create_keys(folder / "keys.json")
    if arguments == ["kubernetes"]:
        sys.stdout.write(kubernetes(keys) + "\n")
    else:
        write_private(folder / "compose.env", compose(keys) + "\n")
        sys.stdout.write(f"The secrets are in {folder / 'compose.env'}.\n")


if __name__ == "__main__":
    main(sys.argv[1:])
