"""What the gateway needs to know people: put together once, for a process or for a test."""

from __future__ import annotations

from dataclasses import dataclass

from chassis.crypto import FieldCipher, KeyProvider, LocalKey, derive_key
from chassis.kernel import Clock
from chassis.settings import SettingsError
from gateway.identity.api_clients import ApiClients
from gateway.identity.organization_accounts import OrganizationAccounts
from gateway.identity.organization_sign_in import ANSWER_PATH, OrganizationSignIn
from gateway.identity.password_changes import PasswordChanges
from gateway.identity.passwords import Passwords
from gateway.identity.second_factor import SecondFactors
from gateway.identity.sessions import Sessions
from gateway.identity.sign_in import SignIn
from gateway.identity.stolen_passwords import BadPasswordFile, StolenPasswords
from gateway.settings import WebSettings
from gateway.store.database import GatewayDatabase


@dataclass(frozen=True, slots=True)
class IdentityServices:
    sessions: Sessions
    sign_in: SignIn
    password_changes: PasswordChanges
    api_clients: ApiClients
    organization_sign_in: OrganizationSignIn | None


def compose_identity(
    database: GatewayDatabase,
    web: WebSettings,
    identity_key: str,
    keys: KeyProvider,
    clock: Clock,
    business_clock: Clock | None = None,
) -> IdentityServices:
    """``identity_key``: the gateway's private JWK, from which the keys of short-lived tokens are derived. ``keys``
    seal what is stored. ``clock`` runs on real time."""
    passwords = Passwords()
    sessions = Sessions(database, clock, web.session_limits, business_clock)
    second_factors = SecondFactors(
        database,
        passwords,
        FieldCipher(keys.for_purpose("second factors"), "second_factors", "sealed"),
        FieldCipher(LocalKey(derive_key(identity_key, "two-step proposals")), "proposal", "secret"),
        clock,
    )
    tokens = FieldCipher(LocalKey(derive_key(identity_key, "sign-in steps")), "sign_in", "step")
    sign_in = SignIn(
        database, passwords, second_factors, tokens, clock, code_required=web.two_step_sign_in == "required"
    )
    changes = PasswordChanges(database, passwords, sign_in, sessions, clock, load_stolen_passwords(web))
    organization_sign_in = _compose_organization_sign_in(database, web, clock)
    return IdentityServices(sessions, sign_in, changes, ApiClients(database, clock), organization_sign_in)


def load_stolen_passwords(web: WebSettings) -> StolenPasswords | None:
    """None where the operator has no file of them; SettingsError for one that cannot be used."""
    if web.stolen_passwords is None:
        return None
    try:
        return StolenPasswords(web.stolen_passwords)
    except BadPasswordFile as bad:
        raise SettingsError(f"STOLEN_PASSWORDS: {bad}.") from None


def _compose_organization_sign_in(
    database: GatewayDatabase, web: WebSettings, clock: Clock
) -> OrganizationSignIn | None:
    settings = web.organization
    if settings is None:
        return None
    from gateway.identity.openid_provider import OpenIdProvider  # brings Authlib, which others do without

    provider = OpenIdProvider(settings, f"{web.origin}{ANSWER_PATH}", clock)
    accounts = OrganizationAccounts(database, settings, clock)
    return OrganizationSignIn(database, provider, accounts, settings, clock)
