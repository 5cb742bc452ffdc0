"""A key management service on this machine: moto's stand-in for AWS KMS, which really encrypts, and in front of it what
an operator can do to it: disable a key, take a right away, or lose it.

moto opens what a disabled key wrapped; AWS does not, so the refusals are made here, by AWS' names.
"""

from __future__ import annotations

import base64
import json
import threading
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from io import BytesIO
from typing import Any

import boto3
from moto.moto_server.werkzeug_app import DomainDispatcherApplication, create_backend_app
from werkzeug.serving import WSGIRequestHandler, make_server

REGION, ACCESS_KEY, SECRET_KEY = "us-east-1", "testing", "testing"
# Longer than any client waits.
SILENT_SECONDS = 30.0
# moto puts the id of the key in front of what it encrypts.
KEY_ID_LENGTH = 36


@dataclass
class KmsServer:
    """``fault``: the code with which it refuses everything, empty for none; ``speaks``: cleared, it does not answer."""

    url: str = ""
    fault: str = ""
    status: int = 400
    asked: int = 0
    speaks: threading.Event = field(default_factory=threading.Event)
    disabled: set[str] = field(default_factory=set)

    def __post_init__(self) -> None:
        self.speaks.set()

    @property
    def client(self) -> Any:
        credentials = {"aws_access_key_id": ACCESS_KEY, "aws_secret_access_key": SECRET_KEY}
        return boto3.client("kms", region_name=REGION, endpoint_url=self.url, **credentials)

    def make_master_key(self) -> str:
        return str(self.client.create_key()["KeyMetadata"]["KeyId"])

    def make_key(self, master: str, service: str, key_id: str) -> str:
        """An entry of the ring, made as an operator makes it: nobody sees the key."""
        context = {"service": service, "key": key_id}
        answer = self.client.generate_data_key_without_plaintext(
            KeyId=master, KeySpec="AES_256", EncryptionContext=context
        )
        return f"{key_id}:kms:{base64.b64encode(answer['CiphertextBlob']).decode()}"

    def settings(self, prefix: str) -> dict[str, str]:
        """The variables of a service that uses it."""
        own = {"REGION": REGION, "ENDPOINT": self.url, "ACCESS_KEY": ACCESS_KEY, "SECRET_KEY": SECRET_KEY}
        return {f"{prefix}_FIELD_KMS_{name}": value for name, value in own.items()}

    def answer(self, application: Any, environ: dict[str, Any], start: Callable[..., Any]) -> Iterable[bytes]:
        body = environ["wsgi.input"].read(int(environ.get("CONTENT_LENGTH") or 0))
        environ["wsgi.input"] = BytesIO(body)
        if environ.get("HTTP_X_AMZ_TARGET", "").endswith(".Decrypt"):
            self.asked += 1
            self.speaks.wait(SILENT_SECONDS)
            if fault := self.fault or self._fault_of(body):
                start(f"{self.status} fault", [("Content-Type", "application/x-amz-json-1.1")])
                return [json.dumps({"__type": fault, "message": ""}).encode()]
        answered: Iterable[bytes] = application(environ, start)
        return answered

    def _fault_of(self, body: bytes) -> str:
        wrapped = base64.b64decode(json.loads(body)["CiphertextBlob"])
        return "DisabledException" if wrapped[:KEY_ID_LENGTH].decode("latin-1") in self.disabled else ""


class _Silent(WSGIRequestHandler):
    def log(self, *_: Any) -> None:
        return None


@contextmanager
def run_kms() -> Iterator[KmsServer]:
    kms, application = KmsServer(), DomainDispatcherApplication(create_backend_app)
    server = make_server(
        "127.0.0.1",
        0,
        lambda environ, start: kms.answer(application, environ, start),
        threaded=True,
        request_handler=_Silent,
    )
    kms.url = f"http://127.0.0.1:{server.server_port}"
    thread = threading.Thread(target=server.serve_forever, daemon=True)
    thread.start()
    try:
        yield kms
    finally:
        kms.speaks.set()
        server.shutdown()
        thread.join(10)
        server.server_close()
