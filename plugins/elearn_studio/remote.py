"""A course from a git address: only addresses that the administrator listed, only HTTPS, never a machine of the inner network."""

from __future__ import annotations

import ipaddress
import os
import re
import shutil
import socket
import subprocess
from pathlib import Path
from urllib.parse import SplitResult, urlsplit

from elearn import Refused

SECONDS, MOST_BYTES, MOST_FILES = 90, 120_000_000, 5_000
BRANCH = re.compile(r"[A-Za-z0-9][A-Za-z0-9._/-]{0,100}")
CREDENTIALS = ("GIT_", "SSH_", "HTTP_PROXY", "HTTPS_PROXY", "ALL_PROXY")


def allowed_prefixes(value: str) -> list[str]:
    """The addresses' beginnings that the setting lists, separated by commas or spaces."""
    return [one if one.endswith("/") else one + "/" for one in value.replace(",", " ").split()]


def checked(address: str, *, allowed: list[str], inner: bool) -> tuple[str, str]:
    """(the address, the IP address to use) if it may be asked. Raises ``Refused``. ``inner``: machines of the own network are allowed."""
    address = address.strip()
    parts = urlsplit(address)
    if not allowed:
        raise Refused("git_off", "Impor dari alamat git tidak diaktifkan di situs ini.")
    if parts.scheme not in ({"https", "http"} if inner else {"https"}) or parts.username or parts.password or parts.query or parts.fragment:
        raise Refused("git_address", "Alamatnya harus https://… tanpa nama pengguna dan tanda tanya.")
    plain = f"{parts.scheme}://{parts.netloc}{parts.path}"
    if ".." in parts.path or "\\" in address or "%" in parts.path or not any(plain.startswith(prefix) for prefix in allowed):
        raise Refused("git_not_listed", "Alamat ini tidak ada dalam daftar yang diizinkan pengelola.")
    return plain, _resolved(parts, inner=inner)


def _resolved(parts: SplitResult, *, inner: bool) -> str:
    host = parts.hostname or ""
    try:
        port = parts.port or (443 if parts.scheme == "https" else 80)
        found = {item[4][0] for item in socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)}
    except (OSError, ValueError) as error:
        raise Refused("git_unknown", "Alamat “{host}” tidak ditemukan.", host=host) from error
    for one in found:
        if not inner and not ipaddress.ip_address(one).is_global:
            raise Refused("git_inner", "Alamat ini menuju jaringan dalam, yang tidak boleh diambil.")
    return str(sorted(found)[0])


def fetch(address: str, into: Path, *, allowed: list[str], inner: bool, branch: str = "") -> Path:
    """Copy the newest state of the repository into ``into``; answers its folder, without git's own files. Raises ``Refused``.

    The name is looked up once and git is held to that answer, so that a name cannot lead elsewhere the second time.
    """
    plain, ip = checked(address, allowed=allowed, inner=inner)
    if branch and not BRANCH.fullmatch(branch):
        raise Refused("git_branch", "Nama cabang ini tidak dikenali.")
    parts = urlsplit(plain)
    port = parts.port or (443 if parts.scheme == "https" else 80)
    target = into / "repo"
    options = {
        "protocol.allow": "never",
        f"protocol.{parts.scheme}.allow": "always",
        "http.followRedirects": "false",
        "http.curloptResolve": f"{parts.hostname}:{port}:{f'[{ip}]' if ':' in ip else ip}",
        "http.lowSpeedLimit": "1000",
        "http.lowSpeedTime": "20",
        "core.hooksPath": os.devnull,
        "core.symlinks": "false",
        "credential.helper": "",
        "transfer.fsckObjects": "true",
    }
    git = ["git", *(word for name, value in options.items() for word in ("-c", f"{name}={value}"))]
    clone = ["clone", "--quiet", "--depth=1", "--no-checkout", "--no-tags", "--single-branch", "--no-recurse-submodules"]
    environment = {name: value for name, value in os.environ.items() if not name.upper().startswith(CREDENTIALS)}
    environment |= {
        "GIT_TERMINAL_PROMPT": "0",
        "GIT_CONFIG_NOSYSTEM": "1",
        "GIT_CONFIG_GLOBAL": os.devnull,
        "GIT_ASKPASS": "true",
        "HOME": str(into),
    }
    try:
        _run([*git, *clone, *(["--branch", branch] if branch else []), "--", plain, str(target)], environment, into)
        _weigh(_run([*git, "ls-tree", "-r", "-l", "-z", "HEAD"], environment, target))
        _run([*git, "checkout", "--quiet", "--force", "HEAD"], environment, target)
    except (subprocess.SubprocessError, OSError) as error:
        raise Refused("git_failed", "Alamat ini tidak dapat diambil. Periksa alamat dan nama cabangnya.") from error
    shutil.rmtree(target / ".git", ignore_errors=True)
    return target


def _run(command: list[str], environment: dict[str, str], place: Path) -> bytes:
    """Run git within limits of time and of bytes a file; answers what it said."""
    bounded = ["sh", "-c", f'ulimit -f {MOST_BYTES // 512} && exec "$@"', "git", *command]  # ulimit counts in blocks of 512 bytes
    return subprocess.run(
        bounded, env=environment, cwd=place, check=True, timeout=SECONDS, capture_output=True, stdin=subprocess.DEVNULL
    ).stdout


def _weigh(listing: bytes) -> None:
    """Refuse what would be too much once it is unpacked, before it is: a few bytes can hold gigabytes."""
    sizes = [entry.split(b"\t")[0].split()[3] for entry in listing.split(b"\0") if entry]
    if len(sizes) > MOST_FILES or sum(int(size) for size in sizes if size.isdigit()) > MOST_BYTES:
        raise Refused("git_big", "Isi alamat ini terlalu besar untuk satu pelatihan.")
