"""A broker and a database of the tests' own that speak TLS, and show one certificate after the other."""

from __future__ import annotations

import os
import secrets
import shutil
import subprocess
from pathlib import Path
from urllib.parse import urlsplit

import psycopg

from deploy.local.children import ChildProcess
from deploy.local.ports import free_port
from deploy.local.servers import debian, postgres, rabbitmq
from tests.integration.chassis.certificates import Authority, CertificateFiles
from tests.integration.chassis.nodes import BrokerNode
from tests.integration.chassis.waiting import until


class TlsBroker(BrokerNode):
    """A broker that listens for TLS beside its other port, and shows one certificate after the other."""

    def __init__(self, home: Path, authority: Authority) -> None:
        super().__init__(home)
        self.authority, self._shown, self._port = authority, home / "shown", free_port()
        self._shown.mkdir()
        self._copy(authority.issue())
        files = {"cacertfile": authority.ca, "certfile": self._shown / "crt", "keyfile": self._shown / "key"}
        with (home / "rabbitmq" / "rabbitmq.conf").open("a") as settings:
            settings.write(f"listeners.ssl.1 = 127.0.0.1:{self._port}\nssl_options.verify = verify_none\n")
            settings.writelines(f"ssl_options.{name} = {file}\n" for name, file in files.items())

    @property
    def tls_url(self) -> str:
        parts = urlsplit(self.amqp_url)
        host = f"{parts.netloc.rpartition('@')[0]}@127.0.0.1:{self._port}"
        return parts._replace(scheme="amqps", netloc=host, query=f"cafile={self.authority.ca}").geturl()

    def show(self, files: CertificateFiles) -> None:
        self._copy(files)
        script = rabbitmq.find_rabbitmq()
        assert script
        control = [str(script.with_name("rabbitmqctl")), "eval", "ssl:clear_pem_cache()."]
        subprocess.run(control, env=dict(self._server.children[-1].env), check=True, capture_output=True, timeout=60)

    def _copy(self, files: CertificateFiles) -> None:
        shutil.copy(files.certificate, self._shown / "crt")
        shutil.copy(files.key, self._shown / "key")


def find_packaged_programs(log: Path) -> Path | None:
    """Of a PostgreSQL that speaks TLS, which the wheel's was not built for; installed where that can be done."""
    if postgres.find_packaged() is None and debian.can_install():
        debian.install_packages(["postgresql"], log)
    return postgres.find_packaged()


class TlsDatabase:
    """A server that shows one certificate after the other."""

    def __init__(self, home: Path, authority: Authority, programs: Path) -> None:
        (home / "logs").mkdir(parents=True)
        self.authority, self._shown = authority, home / "shown"
        self._shown.mkdir()
        self._copy(authority.issue())
        settings = {"ssl": "on", "ssl_cert_file": str(self._shown / "crt"), "ssl_key_file": str(self._shown / "key")}
        self._server = postgres.start_server(home, secrets.token_hex(8), programs, "PostgreSQL with TLS", settings)
        self._children = [ChildProcess(spec, home / "logs") for spec in self._server.children]
        until(lambda: postgres.is_postgres_up(self._server.url), 90)

    def address(self, options: str) -> str:
        return f"{self._server.url}?{options}"

    def show(self, files: CertificateFiles) -> None:
        self._copy(files)
        self.change("select pg_reload_conf()")

    def change(self, statement: str) -> None:
        with psycopg.connect(self._server.url, autocommit=True) as admin:
            admin.execute(statement)

    def _copy(self, files: CertificateFiles) -> None:
        for source, target in ((files.certificate, "crt"), (files.key, "key")):
            shutil.copy(source, self._shown / target)
            (self._shown / target).chmod(0o600)
            if os.geteuid() == 0:
                os.chown(self._shown / target, postgres.NOBODY, postgres.NOBODY)

    def stop(self) -> None:
        for child in self._children:
            child.ask_to_stop()
            child.end()
