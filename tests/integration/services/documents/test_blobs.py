"""Blob stores: a folder, and a bucket of a real S3 server (SeaweedFS)."""

from __future__ import annotations

import base64
import json
import os
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from typing import Any

import boto3
import pytest
from botocore.config import Config
from botocore.exceptions import BotoCoreError, ClientError

from chassis.kernel import Unavailable
from services.documents.store.blobs import BlobExists, BlobMissing, Blobs, FolderBlobs
from services.documents.store.bucket_blobs import BucketBlobs
from services.documents.usecases.ports import BlobLocked

WEED = Path(sys.executable).parent / "weed"
KEY, SECRET = "documents", "a-made-up-secret-key"
NAME = "0f8fad5bd9cb469fa165a70867728950"
FAR = date.today() + timedelta(days=700)  # noqa: DTZ011  # the server's own clock decides


@dataclass(frozen=True)
class S3Server:
    endpoint: str

    def open(self, bucket: str, secret: str = SECRET, *, lock: bool = False) -> BucketBlobs:
        return BucketBlobs(bucket, endpoint=self.endpoint, region="us-east-1", key=KEY, secret=secret, lock=lock)

    @property
    def client(self) -> Any:
        return boto3.client(
            "s3",
            endpoint_url=self.endpoint,
            region_name="us-east-1",
            aws_access_key_id=KEY,
            aws_secret_access_key=SECRET,
            config=Config(retries={"total_max_attempts": 1}),
        )


def free_port() -> int:
    """One that is free together with the port 10,000 above it, on which the same part of the server speaks gRPC."""
    while True:
        with socket.socket() as low, socket.socket() as high:
            low.bind(("127.0.0.1", 0))
            port: int = low.getsockname()[1]
            try:
                high.bind(("127.0.0.1", port + 10_000))
            except (OSError, OverflowError):
                continue
            return port


@pytest.fixture(scope="module")
def s3(tmp_path_factory: pytest.TempPathFactory) -> Iterator[S3Server]:
    folder = tmp_path_factory.mktemp("weed")
    actions = ["Admin", "Read", "Write", "List"]
    identity = {"name": KEY, "credentials": [{"accessKey": KEY, "secretKey": SECRET}], "actions": actions}
    (folder / "s3.json").write_text(json.dumps({"identities": [identity]}))
    ports = {part: free_port() for part in ("master", "volume", "filer", "s3")}
    command = [str(WEED), "server", f"-dir={folder}", "-ip=127.0.0.1", "-ip.bind=127.0.0.1", "-filer", "-s3"]
    command += [f"-{part}.port={port}" for part, port in ports.items()]
    command += [f"-s3.config={folder}/s3.json", "-volume.max=100", "-master.volumeSizeLimitMB=16"]
    with (folder / "log").open("wb") as log:
        server = subprocess.Popen(command, stdout=log, stderr=log, cwd=folder)
    try:
        found = S3Server(f"http://127.0.0.1:{ports['s3']}")
        wait_until_up(found, server)
        found.client.create_bucket(Bucket="documents")
        found.client.create_bucket(Bucket="locked", ObjectLockEnabledForBucket=True)
        yield found
    finally:
        os.kill(server.pid, signal.SIGKILL)  # it takes its time over a gentler one
        server.wait()


def wait_until_up(server: S3Server, process: subprocess.Popen[bytes]) -> None:
    give_up = time.monotonic() + 60
    while True:
        try:
            server.client.list_buckets()
            return
        except (BotoCoreError, ClientError):
            assert process.poll() is None and time.monotonic() < give_up, "the S3 server does not come up"
            time.sleep(0.3)


@pytest.fixture(params=["folder", "s3"])
def blobs(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Blobs]:
    if request.param == "folder":
        yield FolderBlobs(tmp_path)
        return
    store = request.getfixturevalue("s3").open("documents")
    yield store
    store.delete(NAME)


def test_a_blob_comes_back_and_goes(blobs: Blobs) -> None:
    content = bytes(range(256)) * 5_000
    blobs.put(NAME, content, FAR)
    assert blobs.get(NAME) == content
    blobs.delete(NAME)
    with pytest.raises(BlobMissing):
        blobs.get(NAME)
    blobs.delete(NAME)


def test_blobs_are_listed_by_when_they_were_written(blobs: Blobs) -> None:
    blobs.put(NAME, b"content", FAR)
    soon, before = datetime.now(UTC) + timedelta(minutes=5), datetime.now(UTC) - timedelta(minutes=5)
    assert list(blobs.list_names(soon)) == [NAME]
    assert list(blobs.list_names(before)) == []


def test_what_is_no_blob_in_the_folder_is_none_of_its_names(tmp_path: Path) -> None:
    blobs = FolderBlobs(tmp_path)
    blobs.put(NAME, b"content", FAR)
    (tmp_path / NAME[:2] / "tmp12345").write_text("half")
    (tmp_path / "lost+found").mkdir()
    assert list(blobs.list_names(datetime.now(UTC) + timedelta(minutes=5))) == [NAME]
    assert list(FolderBlobs(tmp_path / "nothing").list_names(datetime.now(UTC))) == []


def test_a_second_blob_of_the_same_name_is_refused_and_the_first_stays(blobs: Blobs) -> None:
    blobs.put(NAME, b"first", FAR)
    with pytest.raises(BlobExists):
        blobs.put(NAME, b"second", FAR)
    assert blobs.get(NAME) == b"first"


def test_an_s3_store_that_does_not_know_the_key_is_unavailable(s3: S3Server) -> None:
    stranger = s3.open("documents", secret="another-secret")
    for act in (
        lambda: stranger.put(NAME, b"x", FAR),
        lambda: stranger.get(NAME),
        lambda: stranger.delete(NAME),
        lambda: list(stranger.list_names(datetime.now(UTC))),
    ):
        with pytest.raises(Unavailable):
            act()
    with pytest.raises(BlobMissing):
        s3.open("documents").get(NAME)


def test_an_s3_store_takes_no_content_that_does_not_fit_its_checksum(s3: S3Server) -> None:
    """What BucketBlobs relies on: the server itself compares, so that half a document is never kept."""
    wrong = base64.b64encode(bytes(32)).decode()
    with pytest.raises(ClientError) as refused:
        s3.client.put_object(Bucket="documents", Key=NAME, Body=b"content", ChecksumSHA256=wrong)
    assert refused.value.response["Error"]["Code"] in ("BadDigest", "XAmzContentSHA256Mismatch")
    with pytest.raises(BlobMissing):
        s3.open("documents").get(NAME)


def test_the_checksum_goes_with_what_is_put(s3: S3Server) -> None:
    store = s3.open("documents")
    store.put(NAME, b"content", FAR)
    try:
        found = s3.client.head_object(Bucket="documents", Key=NAME, ChecksumMode="ENABLED")
        assert found["ChecksumSHA256"] == "7XACtDnprIRfIjV9giusFERzD722AW0+yUMil7nsn3M="
    finally:
        store.delete(NAME)


def test_a_locked_blob_cannot_be_deleted_before_its_time(s3: S3Server) -> None:
    store = s3.open("locked", lock=True)
    store.put(NAME, b"kept", FAR)
    with pytest.raises(BlobLocked):
        store.delete(NAME)
    assert store.get(NAME) == b"kept"
    retention = s3.client.get_object_retention(Bucket="locked", Key=NAME)["Retention"]
    assert (retention["Mode"], retention["RetainUntilDate"].date()) == ("COMPLIANCE", FAR)


def test_without_the_lock_the_same_bucket_lets_a_blob_go(s3: S3Server) -> None:
    """The control; in a bucket with versions, none of them stays."""
    store, name = s3.open("locked"), NAME[::-1]
    store.put(name, b"not locked", FAR)
    store.delete(name)
    found = s3.client.list_object_versions(Bucket="locked", Prefix=name)
    assert not found.get("Versions") and not found.get("DeleteMarkers")


def test_an_s3_store_that_is_not_there_is_unavailable() -> None:
    gone = BucketBlobs(
        "documents", endpoint=f"http://127.0.0.1:{free_port()}", region="us-east-1", key=KEY, secret=SECRET
    )
    with pytest.raises(Unavailable):
        gone.get(NAME)


def test_a_folder_that_cannot_be_written_is_unavailable_and_leaves_nothing_half(tmp_path: Path) -> None:
    (tmp_path / NAME[:2]).write_text("a file in the way")
    with pytest.raises(Unavailable):
        FolderBlobs(tmp_path).put(NAME, b"x", FAR)
    other = tmp_path / "other"
    FolderBlobs(other).put(NAME, b"x", FAR)
    assert [path.name for path in other.rglob("*") if path.is_file()] == [NAME]


@pytest.mark.parametrize("name", ["../../etc/passwd", "", "A-0638", "0f8f/../x"])
def test_a_name_that_is_no_random_id_is_refused(tmp_path: Path, name: str) -> None:
    with pytest.raises(ValueError, match="random id"):
        FolderBlobs(tmp_path).get(name)
