"""What a site may set: read from ELEARN_… in the environment, then from site.toml in the data folder, then the default.

A wrong value or an unknown name stops the start with one line that says which, where and what would do.
"""

from __future__ import annotations

import os
import tomllib
from collections.abc import Container, Iterable, Mapping
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit
from zoneinfo import ZoneInfo, available_timezones

from elearn.errors import SettingError
from elearn.plugin import Setting

TRUE = {"1", "ya", "yes", "true", "on"}
FALSE = {"0", "tidak", "no", "false", "off", ""}
STANDARD_PORTS = {"http": 80, "https": 443}
MOST_DAYS = 3_660


def public_address(raw: Any) -> str:
    """An address such as "https://belajar.kota.go.id", written as browsers name its host; "" stays "". ``ValueError`` for any other."""
    parts = urlsplit(str(raw).strip())
    if not parts.geturl():
        return ""
    if parts.scheme not in STANDARD_PORTS or not parts.hostname or parts.username or parts.path.strip("/") or parts.query or parts.fragment:
        raise ValueError(raw)
    host = f"[{parts.hostname}]" if ":" in parts.hostname else parts.hostname
    port = "" if parts.port in (None, STANDARD_PORTS[parts.scheme]) else f":{parts.port}"
    return f"{parts.scheme}://{host}{port}"


def time_zone(raw: Any) -> str:
    """The name of a zone that this machine knows; ``ValueError`` for another, ``SettingError`` where it knows none at all."""
    try:
        return ZoneInfo(str(raw)).key
    except (KeyError, OSError, ValueError) as error:
        if not available_timezones():
            raise SettingError("This machine knows no time zones. Debian: apt install tzdata") from error
        raise ValueError(raw) from error


def number_of_days(raw: Any) -> int:
    """From one day to ten years."""
    if not 1 <= int(raw) <= MOST_DAYS:
        raise ValueError(raw)
    return int(raw)


def number_of_proxies(raw: Any) -> int:
    """0 or more."""
    if int(raw) < 0:
        raise ValueError(raw)
    return int(raw)


CORE: tuple[Setting, ...] = (
    Setting(name="name", default="elearn", help="The site's name, in the top bar and on certificates."),
    Setting(name="organisation", default="", help="Who runs the site; printed as the organiser. Empty: the site's name."),
    Setting(
        name="base_url",
        default="",
        type=public_address,
        help="The public address, such as https://belajar.kota.go.id; used in mails and QR codes.",
    ),
    Setting(name="database", default="", help="A database URL. Empty: SQLite in the data folder."),
    Setting(name="limits", default="memory://", help="Where rate limits count: memory:// or redis://host:6379."),
    Setting(name="mail", default="console:", help="console: prints mail; smtp://user:password@host:587 sends it."),
    Setting(name="mail_from", default="elearn@localhost", help="The sender of mails."),
    Setting(name="secure_cookies", default=True, type=bool, help="Send cookies over HTTPS only. Off for a trial on http://."),
    Setting(name="behind_proxy", default=0, type=number_of_proxies, help="How many reverse proxies stand before the server."),
    Setting(name="session_days", default=14, type=number_of_days, help="After how many days a device must sign in again."),
    Setting(name="jp_target", default=20, type=int, help="Credit hours (JP) shown as the year's target."),
    Setting(
        name="timezone",
        default="Asia/Jakarta",
        type=time_zone,
        help="The zone for those who have not chosen: WIB, WITA or WIT by its city.",
    ),
    Setting(name="help", default="", help="Whom learners may ask: a line shown on the help and error pages."),
)


class Settings:
    """All settings of one site by name: core ones plain ("base_url"), a plugin's as "<plugin>.<name>". The tables of the plugins in
    ``without`` are passed over: they are not there to know their settings."""

    def __init__(
        self, data: Path, *, plugins: Mapping[str, Iterable[Setting]], given: Mapping[str, Any] | None = None, without: Iterable[str] = ()
    ) -> None:
        self.data = data
        self._known = {setting.name: setting for setting in CORE}
        self._known |= {f"{name}.{setting.name}": setting for name, group in plugins.items() for setting in group}
        self._values: dict[str, Any] = {}
        source = _site_file(data, without=set(without) - set(plugins))
        unknown = sorted(set(source) | set(given or {}), key=str)
        for name in unknown:
            if name not in self._known:
                raise SettingError(f"site.toml: there is no setting {name!r} (see: elearn settings)")
        for name, setting in self._known.items():
            variable = "ELEARN_" + name.replace(".", "_").upper()
            if given and name in given:
                raw, where = given[name], "given"
            elif variable in os.environ:
                raw, where = os.environ[variable], variable
            elif name in source:
                raw, where = source[name], f"site.toml: {name}"
            else:
                raw, where = setting.default, "default"
            self._values[name] = _read(setting, raw, where)

    def __getitem__(self, name: str) -> Any:
        return self._values[name]

    def known(self) -> Mapping[str, Setting]:
        """Every setting by its full name."""
        return self._known


def _read(setting: Setting, raw: Any, where: str) -> Any:
    try:
        if setting.type is bool:
            return _boolean(raw)
        return setting.type(raw)
    except (TypeError, ValueError) as error:
        kind = getattr(setting.type, "__name__", "value").replace("_", " ")
        raise SettingError(f"{where} = {raw!r} is not a {kind}. {setting.help}") from error


def _boolean(raw: Any) -> bool:
    if isinstance(raw, bool):
        return raw
    text = str(raw).strip().lower()
    if text in TRUE or text in FALSE:
        return text in TRUE
    raise ValueError(raw)


def _site_file(data: Path, *, without: Container[str]) -> dict[str, Any]:
    """site.toml as a flat mapping: a table's keys get its name and a dot before them. The tables named in ``without`` are left out."""
    path = data / "site.toml"
    if not path.is_file():
        return {}
    try:
        loaded = tomllib.loads(path.read_text("utf-8"))
    except (tomllib.TOMLDecodeError, UnicodeDecodeError) as error:
        raise SettingError(f"{path.name}: {error}") from error
    flat: dict[str, Any] = {}
    for name, value in loaded.items():
        if not isinstance(value, dict):
            flat[name] = value
        elif name not in without:
            flat |= {f"{name}.{key}": inner for key, inner in value.items()}
    return flat
