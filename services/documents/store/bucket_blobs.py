"""Store: sealed documents in an S3 bucket."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from datetime import UTC, date, datetime, time
from functools import partial
from typing import Any, TypeVar

import boto3
from botocore.config import Config
from botocore.exceptions import BotoCoreError, ClientError

from chassis import telemetry
from chassis.kernel import Unavailable
from services.documents.store.blobs import BlobExists, BlobMissing
from services.documents.usecases.ports import BlobLocked

T = TypeVar("T")
# A document has a few MB at most; whoever waits for it waits in a browser.
_LIMITS = Config(connect_timeout=3, read_timeout=10, retries={"total_max_attempts": 2, "mode": "standard"})
_EXISTS, _MISSING = {"PreconditionFailed", "ConditionalRequestConflict"}, {"NoSuchKey", "404", "NotFound"}


class BucketBlobs:
    """``lock``: the bucket has Object Lock, and each blob is locked until the day on which it may go."""

    def __init__(self, bucket: str, *, endpoint: str, region: str, key: str, secret: str, lock: bool = False) -> None:
        self._bucket = bucket
        self._lock = lock
        self._client: Any = boto3.client(
            "s3",
            endpoint_url=endpoint or None,
            region_name=region or None,
            # without a key of its own: that of the machine or the pod, as boto3 finds it
            aws_access_key_id=key or None,
            aws_secret_access_key=secret or None,
            config=_LIMITS,
        )

    def put(self, name: str, content: bytes, keep_until: date) -> None:
        """The store itself checks the SHA-256 that goes with the request."""
        wanted: dict[str, Any] = {"ChecksumAlgorithm": "SHA256", "IfNoneMatch": "*"}
        if self._lock:
            until = datetime.combine(keep_until, time.max, UTC)
            wanted |= {"ObjectLockMode": "COMPLIANCE", "ObjectLockRetainUntilDate": until}
        try:
            _call(lambda: self._client.put_object(Bucket=self._bucket, Key=name, Body=content, **wanted))
        except ClientError as refused:
            if _code(refused) in _EXISTS:
                raise BlobExists(name) from None
            raise _unavailable(refused) from None

    def get(self, name: str) -> bytes:
        try:
            found = _call(lambda: self._client.get_object(Bucket=self._bucket, Key=name, ChecksumMode="ENABLED"))
            content: bytes = _call(found["Body"].read)
            return content
        except ClientError as refused:
            if _code(refused) in _MISSING:
                raise BlobMissing(name) from None
            raise _unavailable(refused) from None

    def delete(self, name: str) -> None:
        """Every version: a bucket with Object Lock keeps them all."""
        try:
            found = _call(lambda: self._client.list_object_versions(Bucket=self._bucket, Prefix=name))
            versions = [*found.get("Versions", ()), *found.get("DeleteMarkers", ())]
            for one in versions:
                which = {"Bucket": self._bucket, "Key": one["Key"], "VersionId": one["VersionId"]}
                _call(partial(self._client.delete_object, **which))
        except ClientError as refused:
            if self._lock and _code(refused) == "AccessDenied":
                raise BlobLocked from None
            raise _unavailable(refused) from None

    def list_names(self, written_before: datetime) -> Iterator[str]:
        pages = iter(self._client.get_paginator("list_objects_v2").paginate(Bucket=self._bucket))
        while True:
            try:
                page = _call(lambda: next(pages, None))
            except ClientError as refused:
                raise _unavailable(refused) from None
            if page is None:
                return
            yield from (one["Key"] for one in page.get("Contents", ()) if one["LastModified"] < written_before)


def _call(work: Callable[[], T]) -> T:
    try:
        return work()
    except ClientError:
        raise
    except BotoCoreError as error:
        telemetry.get_logger().error("document store does not answer", exc_info=error)
        raise Unavailable("The store of documents cannot be reached now. Try again in a minute.") from None


def _code(refused: ClientError) -> str:
    return str(refused.response.get("Error", {}).get("Code", ""))


def _unavailable(refused: ClientError) -> Unavailable:
    """A wrong key or a full bucket is for the operator to mend, and named in the log alone."""
    telemetry.get_logger().error("document store refuses", code=_code(refused))
    return Unavailable("The store of documents cannot be used now. Try again in a minute.")
