"""What a site sets for its personnel service. Secrets belong in the environment rather than in a file."""

from __future__ import annotations

from elearn import Setting

BETTER = "better as ELEARN_CREDITS_{} than in a file."
SETTINGS = (
    Setting(
        name="personnel_url",
        default="",
        help="The personnel service, such as https://apimws.bkn.go.id:8243/apisiasn/1.0. Empty: files only.",
    ),
    Setting(name="personnel_token_url", default="https://apimws.bkn.go.id/oauth2/token", help="Where its gateway gives tokens."),
    Setting(name="personnel_key", default="", help="The gateway's consumer key; " + BETTER.format("PERSONNEL_KEY")),
    Setting(name="personnel_secret", default="", help="The gateway's consumer secret; " + BETTER.format("PERSONNEL_SECRET")),
    Setting(
        name="personnel_sso_url",
        default="https://sso-siasn.bkn.go.id/auth/realms/public-siasn/protocol/openid-connect/token",
        help="Where its SSO gives tokens.",
    ),
    Setting(name="personnel_sso_client", default="", help="The SSO's client id."),
    Setting(name="personnel_sso_user", default="", help="The service account; " + BETTER.format("PERSONNEL_SSO_USER")),
    Setting(name="personnel_sso_password", default="", help="Its password; " + BETTER.format("PERSONNEL_SSO_PASSWORD")),
    Setting(name="personnel_agency", default="", help="The agency's id there (instansiId)."),
    Setting(name="personnel_codes", default="", help="A file of the site's own codes (TOML), in the data folder. Empty: the bundled ones."),
    Setting(name="personnel_timeout", default=20.0, type=float, help="Seconds to wait for one answer."),
)
NEEDED = ("token_url", "key", "secret", "sso_url", "sso_client", "sso_user", "sso_password")
