"""What every pod of the suite has to have, whoever wrote its manifest."""

import importlib
import re

import pytest

from tests.unit.k8s.cluster import ROOT, Cluster, Manifest, containers_of

SERVICES = ("quote", "enrollment", "pcp", "payment", "documents")
PROCESSES = {f"{service}-{kind}" for service in SERVICES for kind in ("rpc", "worker")}
DEPLOYMENTS = PROCESSES | {"payment-page", "relay", "gateway"}
JOBS = {f"{service}-migrate" for service in (*SERVICES, "gateway")}


def name_of(manifest: Manifest) -> str:
    return str(manifest["metadata"]["name"])


def test_every_process_has_its_deployment_and_every_database_its_migration(base: Cluster) -> None:
    assert {name_of(m) for m in base.of("Deployment")} == DEPLOYMENTS
    assert {name_of(m) for m in base.of("Job")} == JOBS


def test_a_job_seeds_the_services_that_cannot_work_without_data(base: Cluster) -> None:
    # the gateway's seed makes the demo users, which production refuses
    for service in SERVICES:
        commands = [container["args"][-1] for container in containers_of(base.pods()[f"{service}-migrate"])]
        has_seed = importlib.import_module(f"services.{service}.__main__").SERVICE.seed is not None
        assert commands == (["migrate", "seed"] if has_seed else ["migrate"]), service


def test_the_sandbox_processor_is_no_part_of_the_base(base: Cluster) -> None:
    assert not [args for pod in base.pods().values() for c in containers_of(pod) if "sandbox" in (args := c["args"])]


def test_every_deployment_is_probed_on_a_port_that_it_opens(base: Cluster) -> None:
    for deployment in base.of("Deployment"):
        (container,) = containers_of(deployment["spec"]["template"])
        ports = {port["name"] for port in container["ports"]} | {port["containerPort"] for port in container["ports"]}
        for probe in ("startupProbe", "readinessProbe", "livenessProbe"):
            (action,) = [container[probe][kind] for kind in ("httpGet", "grpc") if kind in container[probe]]
            assert action["port"] in ports, f"{name_of(deployment)} {probe}"
        # the gateway's /readyz is red when any one service is away: that must not take the whole portal
        path = "/livez" if name_of(deployment) == "gateway" else "/readyz"
        assert container["readinessProbe"]["httpGet"]["path"] == path


def test_every_container_has_requests_and_limits(overlay: Cluster) -> None:
    for name, pod in overlay.pods().items():
        for container in containers_of(pod):
            for side in ("requests", "limits"):
                assert {"cpu", "memory"} <= set(container["resources"][side]), f"{name} {side}"


def test_no_pod_runs_as_root_or_may_become_it(overlay: Cluster) -> None:
    for name, pod in overlay.pods().items():
        security = pod["spec"]["securityContext"]
        assert security["runAsNonRoot"] is True, name
        assert security["runAsUser"] > 0, name
        assert security["seccompProfile"] == {"type": "RuntimeDefault"}, name
        assert pod["spec"]["automountServiceAccountToken"] is False, name
        for container in containers_of(pod):
            assert container["securityContext"] == {
                "allowPrivilegeEscalation": False,
                "readOnlyRootFilesystem": True,
                "capabilities": {"drop": ["ALL"]},
            }, name


def test_service_links_cannot_overwrite_a_setting(overlay: Cluster) -> None:
    # Kubernetes would set QUOTE_RPC_PORT=tcp://... and its like for every Service of the namespace
    for name, pod in overlay.pods().items():
        assert pod["spec"]["enableServiceLinks"] is False, name


def test_every_deployment_may_lose_one_pod_at_a_time_to_a_drain(base: Cluster) -> None:
    budgets = {name_of(m): m["spec"] for m in base.of("PodDisruptionBudget")}
    for deployment in base.of("Deployment"):
        budget = budgets[name_of(deployment)]
        assert budget["maxUnavailable"] == 1
        assert budget["selector"] == deployment["spec"]["selector"]


def test_services_select_pods_that_open_their_port(overlay: Cluster) -> None:
    for service in overlay.of("Service"):
        wanted = service["spec"]["selector"].items()
        chosen = [pod for pod in overlay.pods().values() if wanted <= pod["metadata"]["labels"].items()]
        assert len(chosen) == 1, name_of(service)
        opened = {port["name"] for container in containers_of(chosen[0]) for port in container["ports"]}
        assert {port["targetPort"] for port in service["spec"]["ports"]} <= opened, name_of(service)


def test_secrets_are_only_referred_to(overlay: Cluster) -> None:
    assert overlay.of("Secret") == []
    secret = re.compile(r"_KEY$|_SECRET$|PASSWORD|_PASS$|DATABASE_URL$|AMQP_URL$")
    for name, pod in overlay.pods().items():
        for container in containers_of(pod):
            for entry in container["env"]:
                if secret.search(entry["name"]):
                    assert "secretKeyRef" in entry["valueFrom"], f"{name} {entry['name']}"
    for config in overlay.of("ConfigMap"):
        assert not [key for key in config["data"] if secret.search(key)], name_of(config)


def settings_of(cluster: Cluster, container: Manifest) -> set[str]:
    configs = [source["configMapRef"]["name"] for source in container.get("envFrom", [])]
    return {key for config in configs for key in cluster.config(config)} | {e["name"] for e in container["env"]}


def documented() -> set[str]:
    rows = re.findall(r"^\| `([A-Z_<>]+)` \|", (ROOT / "docs/reference/settings.md").read_text(), re.MULTILINE)
    owners = [service.upper() for service in (*SERVICES, "gateway")]
    return {row.replace("<SERVICE>", owner) for row in rows for owner in owners}


def test_every_variable_of_a_pod_is_a_documented_setting(base: Cluster) -> None:
    for name, pod in base.pods().items():
        for container in containers_of(pod):
            assert settings_of(base, container) <= documented(), name


def test_every_process_is_given_what_the_chassis_asks_of_it(base: Cluster) -> None:
    for name, pod in base.pods().items():
        for container in containers_of(pod):
            service = pod["metadata"]["labels"]["app.kubernetes.io/name"].upper()
            owners = [one.upper() for one in SERVICES] if name == "relay" else [service]
            needed = {"SUITE_ENV", "AMQP_URL", *(f"{owner}_DATABASE_URL" for owner in owners)}
            if name.endswith(("-rpc", "-worker")):
                needed |= {f"{service}_IDENTITY_KEY", "IDENTITY_TRUSTED_KEYS", "RPC_HOST", "HEALTH_PORT"}
            assert needed <= settings_of(base, container), name


@pytest.mark.parametrize(
    ("pod", "settings"),
    [
        ("enrollment-rpc", "services.enrollment.settings.EnrollmentSettings"),
        ("enrollment-worker", "services.enrollment.settings.EnrollmentSettings"),
        ("payment-rpc", "services.payment.settings.PaymentSettings"),
        ("payment-worker", "services.payment.settings.PaymentSettings"),
        ("payment-page", "services.payment.settings.PageSettings"),
        ("gateway", "gateway.settings.GatewaySettings"),
        ("quote-rpc", "services.quote.settings.QuoteSettings"),
    ],
)
def test_a_pod_is_given_every_setting_without_which_it_would_not_start(base: Cluster, pod: str, settings: str) -> None:
    module, name = settings.rsplit(".", 1)
    fields = getattr(importlib.import_module(module), name).model_fields
    prefix = pod.split("-")[0].upper()
    required = {f.validation_alias or f"{prefix}_{key.upper()}" for key, f in fields.items() if f.is_required()}
    (container,) = containers_of(base.pods()[pod])
    assert required <= settings_of(base, container)


def test_production_is_what_the_base_runs_as(base: Cluster) -> None:
    assert base.config("suite-settings")["SUITE_ENV"] == "production"
    assert "SUITE_TODAY" not in base.config("suite-settings")


@pytest.mark.parametrize("kind", ["rpc", "worker"])
def test_processes_of_one_kind_differ_only_in_name_size_and_settings(base: Cluster, kind: str) -> None:
    """The manifests are written out in full; this keeps the copies from drifting apart."""
    shapes = []
    for service in SERVICES:
        (found,) = [m for m in base.of("Deployment") if name_of(m) == f"{service}-{kind}"]
        text = repr(common_part(found)).replace(service, "SERVICE")
        shapes.append(text)
    assert len(set(shapes)) == 1


def common_part(deployment: Manifest) -> Manifest:
    template = deployment["spec"]["template"]
    (container,) = template["spec"]["containers"]
    common = {key: value for key, value in container.items() if key not in ("env", "envFrom", "resources")}
    pod = template["spec"] | {"containers": [common]}
    return {"selector": deployment["spec"]["selector"], "strategy": deployment["spec"]["strategy"], "pod": pod}


def test_metrics_are_on_a_port_that_no_service_leads_to(base: Cluster) -> None:
    """Prometheus reads them from the pods, on a port that a policy of its own opens (test_network)."""
    for deployment in base.of("Deployment"):
        (container,) = containers_of(deployment["spec"]["template"])
        assert {"name": "health", "containerPort": 9090} in container["ports"], name_of(deployment)
    led_to = {port["targetPort"] for service in base.of("Service") for port in service["spec"]["ports"]}
    assert not led_to & {"health", 9090}
