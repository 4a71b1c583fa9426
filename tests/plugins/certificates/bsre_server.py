"""A server that speaks the BSrE client service's protocol: it checks what it gets and signs with pyHanko, by a certificate of its own."""

import base64
import io
import time
from email.parser import BytesParser
from email.policy import HTTP

from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec
from elearn_certificates.signing import x509
from elearn_certificates.signing.document import OrganisationSigner
from elearn_certificates.signing.keys import KeyRecord, record_of
from pyhanko.pdf_utils.incremental_writer import IncrementalPdfFileWriter
from pyhanko.sign import signers

from elearn import now
from tests.serving import Quiet, Serving

NIK, PASSPHRASE = "1271012107940005", "Rahasia#2026"


class BsreServer(Serving):
    """Use it as a context; ``url`` is where it is. ``plan`` lists how the next requests go: "ok", "slow", "busy", "broken", "redirect",
    "other" (the answer to another document, which is ``other``)."""

    def __init__(self):
        key = ec.generate_private_key(ec.SECP256R1())
        sign = lambda data: key.sign(data, ec.ECDSA(hashes.SHA256()))  # noqa: E731
        certificate = x509.self_signed(key.public_key(), organisation="Pejabat Contoh", made=now(), sign=sign)
        self.record = KeyRecord(**{**vars(record_of(key.public_key(), "document")), "certificate": certificate})
        self.sign, self.plan, self.seen, self.other = sign, [], [], b""
        server = self

        class Handler(Quiet):
            def do_POST(self):
                server.answer(self)

        super().__init__(Handler)

    def answer(self, request):
        body = request.rfile.read(int(request.headers["Content-Length"]))
        message = BytesParser(policy=HTTP).parsebytes(b"Content-Type: " + request.headers["Content-Type"].encode() + b"\r\n\r\n" + body)
        fields = {part.get_param("name", header="content-disposition"): part.get_payload(decode=True) for part in message.iter_parts()}
        self.seen.append((request.path, {name: value for name, value in fields.items() if name != "file"}))
        if request.headers["Authorization"] != "Basic " + base64.b64encode(b"elearn:kata-sandi").decode():
            return self._say(request, 401, b'{"error":"unauthorized"}')
        step = self.plan.pop(0) if self.plan else "ok"
        if step == "slow":
            time.sleep(1.5)
        if step == "busy":
            return self._say(request, 503, b"busy")
        if step == "redirect":
            return self._say(request, 302, b"", Location="http://127.0.0.1:1/")
        if step == "broken":
            return self._say(request, 200, fields["file"])
        if step == "other":
            return self._say(request, 200, self._signed(self.other))
        if fields["nik"].decode() != NIK or fields["passphrase"].decode() != PASSPHRASE:
            return self._say(request, 400, b'{"error":"passphrase anda salah","status_code":2031}')
        return self._say(request, 200, self._signed(fields["file"]), id_dokumen=f"dok-{len(self.seen)}")

    def _signed(self, pdf):
        out = io.BytesIO()
        about = signers.PdfSignatureMetadata(field_name="Pejabat", md_algorithm="sha256")
        signers.PdfSigner(about, signer=OrganisationSigner(self.record, self.sign)).sign_pdf(
            IncrementalPdfFileWriter(io.BytesIO(pdf)), output=out
        )
        return out.getvalue()

    def _say(self, request, status, body, **headers):
        try:
            request.send_response(status)
            for name, value in headers.items():
                request.send_header(name, value)
            request.send_header("Content-Length", str(len(body)))
            request.end_headers()
            request.wfile.write(body)
        except OSError:  # the client did not wait
            pass
