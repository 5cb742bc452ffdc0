"""Who may talk to whom: the policies are worked out to a table, and the table is what design wants."""

from tests.unit.k8s.cluster import K8S, ROOT, Cluster, Manifest, containers_of, documents_of

SERVICES = ("quote", "enrollment", "pcp", "payment", "documents")

Labels = dict[str, str]


def selects(selector: Manifest, labels: Labels) -> bool:
    wanted: Labels = selector.get("matchLabels", {})
    return wanted.items() <= labels.items()


def policies_for(cluster: Cluster, labels: Labels, direction: str) -> list[Manifest]:
    return [
        policy
        for policy in cluster.of("NetworkPolicy")
        if direction in policy["spec"]["policyTypes"] and selects(policy["spec"]["podSelector"], labels)
    ]


def pods_let_in(cluster: Cluster, target: Labels, port: int) -> set[str]:
    """Names of pods that may open ``port`` of the target: let out by one policy and let in by another."""
    return {
        name
        for name, pod in cluster.pods().items()
        if _lets(cluster, pod["metadata"]["labels"], "Egress", "to", target, port)
        and _lets(cluster, target, "Ingress", "from", pod["metadata"]["labels"], port)
    }


def _lets(cluster: Cluster, labels: Labels, direction: str, side: str, peer: Labels, port: int) -> bool:
    rules = [r for p in policies_for(cluster, labels, direction) for r in p["spec"].get(direction.lower(), [])]
    return any(
        port in {allowed["port"] for allowed in rule["ports"]}
        and (side not in rule or any("podSelector" in p and selects(p["podSelector"], peer) for p in rule[side]))
        for rule in rules
    )


def labels_of(cluster: Cluster, name: str) -> Labels:
    labels: Labels = cluster.pods()[name]["metadata"]["labels"]
    return labels


def reaching(cluster: Cluster, what: str) -> set[str]:
    return {name for name, pod in cluster.pods().items() if pod["metadata"]["labels"].get(f"reaches-{what}") == "yes"}


def test_everything_is_denied_first(base: Cluster) -> None:
    (deny,) = [p for p in base.of("NetworkPolicy") if p["metadata"]["name"] == "default-deny"]
    assert deny["spec"] == {"podSelector": {}, "policyTypes": ["Ingress", "Egress"]}


def test_every_pod_has_a_policy_of_its_own_beside_the_general_ones(base: Cluster) -> None:
    for name in base.pods():
        chosen = [
            policy
            for direction in ("Ingress", "Egress")
            for policy in policies_for(base, labels_of(base, name), direction)
            if policy["spec"]["podSelector"]
        ]
        assert chosen, name


def test_only_the_gateway_calls_services_over_grpc(base: Cluster) -> None:
    for service in SERVICES:
        assert pods_let_in(base, labels_of(base, f"{service}-rpc"), 50051) == {"gateway"}


def test_workers_relays_and_migrations_open_no_port_to_other_pods(base: Cluster) -> None:
    for name in base.pods():
        if name.endswith(("-worker", "relay", "-migrate")):
            ports = [p["containerPort"] for c in containers_of(base.pods()[name]) for p in c.get("ports", [])]
            assert not any(pods_let_in(base, labels_of(base, name), port) for port in ports), name


def test_the_world_reaches_the_portal_and_the_payment_page_alone(base: Cluster) -> None:
    open_to_all = {
        name
        for name in base.pods()
        for policy in policies_for(base, labels_of(base, name), "Ingress")
        for rule in policy["spec"].get("ingress", [])
        if "from" not in rule
    }
    assert open_to_all == {"gateway", "payment-page"}


def test_only_payment_and_quote_reach_the_world_and_there_the_processor_and_the_mail_server_over_tls(
    base: Cluster,
) -> None:
    outward = {
        (name, port["port"])
        for name in base.pods()
        for policy in policies_for(base, labels_of(base, name), "Egress")
        for rule in policy["spec"].get("egress", [])
        if any("ipBlock" in peer for peer in rule["to"])
        for port in rule["ports"]
    }
    mail = {(f"quote-{kind}", port) for kind in ("rpc", "worker") for port in (465, 587)}
    assert outward == {("payment-page", 443), ("payment-worker", 443)} | mail


def test_the_broker_is_reached_by_those_that_publish_hear_or_call(base: Cluster) -> None:
    # a service that calls others may do so while it answers a call itself
    callers = {s for s in SERVICES if "runtime.bus" in (ROOT / "services" / s / "__main__.py").read_text()}
    off_the_bus = {f"{service}-rpc" for service in SERVICES if service not in callers} | {"payment-page"}
    assert reaching(base, "rabbitmq") == set(base.pods()) - off_the_bus
    assert reaching(base, "postgresql") == set(base.pods())


def test_whoever_comes_from_outside_comes_by_tls() -> None:
    """Both hosts, each with a certificate of its own."""
    ingresses = documents_of(K8S / "overlays" / "production" / "ingress.yaml")
    hosts = [rule["host"] for ingress in ingresses for rule in ingress["spec"]["rules"]]
    secured = [host for ingress in ingresses for tls in ingress["spec"]["tls"] for host in tls["hosts"]]
    assert sorted(hosts) == sorted(secured) == ["pay.example", "portal.example"]
    assert len({tls["secretName"] for ingress in ingresses for tls in ingress["spec"]["tls"]}) == 2
