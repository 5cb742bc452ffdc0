"""Command: serve the sandbox processor, until SIGTERM; refused in production, where a real processor stands outside."""

from __future__ import annotations

from chassis import telemetry
from chassis.service import Runtime
from services.payment.remote.signature import secrets_of
from services.payment.sandbox.app import build_app
from services.payment.sandbox.webhooks import WebhookSender
from services.payment.settings import SandboxSettings
from services.payment.web import run_server


def serve_sandbox(runtime: Runtime) -> None:
    if runtime.suite.suite_env == "production":
        raise SystemExit("The sandbox processor moves no money and is not for SUITE_ENV=production.")
    settings = runtime.settings(SandboxSettings)
    secret = secrets_of(settings.callback_secret.get_secret_value())[0]
    sender = WebhookSender(secret, f"{settings.page_url.rstrip('/')}/callbacks/sandbox")
    telemetry.get_logger().info("sandbox processor serves", port=settings.port)
    run_server(build_app(sender), runtime.suite.rpc_host, settings.port)
