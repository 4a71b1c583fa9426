"""A server that speaks SIASN's protocol: two kinds of tokens that end, people by NIP, their history of courses, and rules of its own."""

import base64
import json
import threading
import time
from collections import Counter
from urllib.parse import parse_qs

from tests.serving import Quiet, Serving

KEY, SECRET = "kunci-gerbang", "Rahasia#Gerbang"
CLIENT, USER, PASSWORD = "kotacontohservice", "198103122006041002", "Sandi#Layanan"
FIELDS = {
    "id": (str, type(None)), "pnsOrangId": str, "instansiId": str, "institusiPenyelenggara": str, "jenisDiklatId": str, "jenisKursus": str,
    "jenisKursusSertipikat": str, "jumlahJam": int, "namaKursus": str, "nomorSertipikat": str, "tahunKursus": int, "tanggalKursus": str,
    "tanggalSelesaiKursus": str, "lokasiId": str, "rumpunDiklatId": str, "path": list,
}  # fmt: skip


class SiasnServer(Serving):
    """Use it as a context. ``people`` maps NIPs to ids; ``kept`` are the courses by id. ``plan`` says how the next saves go: "ok", "lost"
    (kept, but the answer never arrives), "error" (HTTP 500, nothing kept), "slow",
    "stuck" (kept, and the answer stops after its head, which tells of a fault). ``drop(kind)`` ends the tokens of that kind."""

    def __init__(self):
        self.people, self.kept, self.plan = {}, {}, []
        self.good, self.drawn, self.calls, self.seen = {"gateway": set(), "sso": set()}, Counter(), Counter(), []
        self.uses_left = {"gateway": None, "sso": None}
        self._lock, server = threading.Lock(), self

        class Handler(Quiet):
            def do_GET(self):
                server.answer(self, "GET")

            def do_POST(self):
                server.answer(self, "POST")

            def do_DELETE(self):
                server.answer(self, "DELETE")

        super().__init__(Handler)

    @property
    def settings(self):
        """The settings of a site that uses this server."""
        return {
            "credits__personnel_url": f"{self.url}/apisiasn/1.0", "credits__personnel_token_url": f"{self.url}/oauth2/token",
            "credits__personnel_key": KEY, "credits__personnel_secret": SECRET, "credits__personnel_sso_url": f"{self.url}/sso/token",
            "credits__personnel_sso_client": CLIENT, "credits__personnel_sso_user": USER, "credits__personnel_sso_password": PASSWORD,
            "credits__personnel_agency": "A5EB03E23BFBF6A0E040640A040252AD", "credits__personnel_timeout": 2.5,
        }  # fmt: skip

    def drop(self, kind):
        """End all tokens of that kind."""
        self.good[kind].clear()

    def answer(self, request, method):
        body = request.rfile.read(int(request.headers.get("Content-Length") or 0))
        with self._lock:
            said = self._route(request, method, body)
        if said is not None:
            self._say(request, *said)

    def _route(self, request, method, body):
        path = request.path
        self.calls[method + " " + "/".join(path.split("/")[:5])] += 1
        self.seen.append((method, path, body))
        if path == "/oauth2/token":
            basic = "Basic " + base64.b64encode(f"{KEY}:{SECRET}".encode()).decode()
            if request.headers["Authorization"] != basic or parse_qs(body.decode()) != {"grant_type": ["client_credentials"]}:
                return 401, {"error": "invalid_client"}
            return 200, self._token("gateway", 3600)
        if path == "/sso/token":
            wanted = {"grant_type": ["password"], "client_id": [CLIENT], "username": [USER], "password": [PASSWORD]}
            if parse_qs(body.decode()) != wanted:
                return 401, {"error": "invalid_grant", "error_description": "Invalid user credentials"}
            return 200, self._token("sso", 43200)
        refusal = self._tokens_good(request)
        if refusal:
            return refusal
        return self._service(request, method, path.removeprefix("/apisiasn/1.0"), body)

    def _token(self, kind, seconds):
        self.drawn[kind] += 1
        token = f"{kind}-{self.drawn[kind]}"
        self.good[kind].add(token)
        return {"access_token": token, "expires_in": seconds, "token_type": "Bearer"}

    def _tokens_good(self, request):
        if not request.headers.get("Authorization", "").startswith("Bearer ") or not self._use(
            "gateway", request.headers["Authorization"][7:]
        ):
            return 401, {"code": "900901", "message": "Invalid Credentials", "description": "Access failure for API"}
        if not request.headers.get("Auth", "").startswith("bearer ") or not self._use("sso", request.headers["Auth"][7:]):
            return 500, {"message": "invalid or expired jwt"}
        return None

    def _use(self, kind, token):
        if token not in self.good[kind]:
            return False
        if self.uses_left[kind] is not None:
            self.uses_left[kind] -= 1
            if self.uses_left[kind] <= 0:
                self.good[kind].discard(token)
        return True

    def _service(self, request, method, path, body):
        what, _slash, last = path.rpartition("/")
        if (method, what) == ("GET", "/pns/data-utama"):
            if last not in self.people:
                return 404, {"code": 0, "data": "Data tidak ditemukan"}
            return 200, {"code": 1, "data": {"id": self.people[last], "nipBaru": last, "nama": "SARI"}}
        if (method, what) == ("GET", "/pns/rw-kursus"):
            mine = [row for row in self.kept.values() if row["pnsOrangId"] == self.people.get(last)]
            told = [{"id": row["id"], "namaKursus": row["namaKursus"], "noSertipikat": row["nomorSertipikat"], "jumlahJam": str(row["jumlahJam"]),
                     "tanggalKursus": row["tanggalKursus"], "tahunKursus": str(row["tahunKursus"])} for row in mine]  # fmt: skip
            return 200, {"code": 1, "data": told or "Data tidak ditemukan"}
        if (method, path) == ("POST", "/kursus/save"):
            return self._save(request, json.loads(body))
        if (method, what) == ("DELETE", "/kursus/delete"):
            if self.kept.pop(last, None) is None:
                return 200, {"success": False, "message": "Data tidak ditemukan"}
            return 200, {"success": True, "message": "success"}
        return 404, {"message": "no such resource"}

    def _save(self, request, row):
        step = self.plan.pop(0) if self.plan else "ok"
        if step == "error":
            return 500, {"message": "Internal Server Error"}
        if step == "closed":
            return 403, {"message": "Forbidden"}
        if set(row) != set(FIELDS) or any(not isinstance(row[name], kind) for name, kind in FIELDS.items()):
            return 400, {"success": False, "message": f"body salah: {sorted(set(row) ^ set(FIELDS))}"}
        if row["pnsOrangId"] not in self.people.values():
            return 200, {"success": False, "message": "pnsOrangId tidak dikenal"}
        if "/" not in row["nomorSertipikat"]:
            return 200, {"success": False, "message": "Nomor sertipikat tidak sesuai format"}
        remote_id = row["id"] or f"8ae48644{len(self.kept) + sum(self.calls.values()):08x}"
        self.kept[remote_id] = row | {"id": remote_id}
        if step == "stuck":
            request.send_response(502)
            request.send_header("Content-Length", "500")
            request.end_headers()
        if step in ("slow", "stuck"):
            time.sleep(4)
        if step in ("lost", "slow", "stuck"):
            request.close_connection = True
            request.connection.close()
            return None
        return 200, {"success": True, "message": "success", "mapData": {"rwKursusId": remote_id}}

    def _say(self, request, status, body):
        data = json.dumps(body).encode()
        try:
            request.send_response(status)
            request.send_header("Content-Type", "application/json")
            request.send_header("Content-Length", str(len(data)))
            request.end_headers()
            request.wfile.write(data)
        except OSError:  # the client did not wait
            pass
