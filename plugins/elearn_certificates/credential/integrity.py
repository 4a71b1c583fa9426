"""Data Integrity proofs ``eddsa-rdfc-2022`` (W3C Recommendation): canonical RDF, SHA-256, Ed25519. Contexts are bundled, never fetched."""

from __future__ import annotations

import hashlib
from collections.abc import Callable
from functools import lru_cache
from pathlib import Path
from typing import Any

from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric import ed25519

from elearn import said
from elearn_certificates.signing.encoding import Public, base58, from_base58

W3C = "https://www.w3.org/ns/credentials/v2"
OPEN_BADGES = "https://purl.imsglobal.org/spec/ob/v3p0/context-3.0.3.json"
CONTEXTS = Path(__file__).parent / "contexts"
Json = dict[str, Any]


@lru_cache(maxsize=1)
def _loader() -> Any:
    from pyld.documentloader.frozen import BUNDLED_CONTEXTS, FrozenDocumentLoader

    return FrozenDocumentLoader({W3C: BUNDLED_CONTEXTS[W3C], OPEN_BADGES: CONTEXTS / "open-badges-3.0.3.json"})


def canonical_hash(document: Json) -> bytes:
    """The SHA-256 of a document's canonical RDF (RDFC-1.0); ``ValueError`` if it is no JSON-LD of the bundled contexts."""
    from pyld import jsonld  # a quarter of a second that a site need not spend at its start

    options = {"algorithm": "URDNA2015", "format": "application/n-quads", "documentLoader": _loader()}
    try:
        quads = jsonld.normalize(document, options)
    except jsonld.JsonLdError as error:
        raise ValueError(said("Bukan kredensial yang dapat dibaca: {code}", code=error.code or error.type)) from error
    return hashlib.sha256(quads.encode()).digest()


def add_proof(document: Json, *, method: str, created: str, sign: Callable[[bytes], bytes]) -> Json:
    """``document`` with a proof by the key that ``method`` (a DID with its fragment) names."""
    proof: Json = {
        "type": "DataIntegrityProof",
        "cryptosuite": "eddsa-rdfc-2022",
        "created": created,
        "verificationMethod": method,
        "proofPurpose": "assertionMethod",
    }
    signature = sign(_to_sign(document, proof))
    return document | {"proof": [proof | {"proofValue": "z" + base58(signature)}]}


def check_proof(document: Json, key: Public) -> bool:
    """Whether the document's one proof is by ``key``; ``ValueError`` if it has none that this code knows."""
    rest = {name: value for name, value in document.items() if name != "proof"}
    proofs = document.get("proof") or []
    proofs = proofs if isinstance(proofs, list) else [proofs]
    if len(proofs) != 1 or proofs[0].get("cryptosuite") != "eddsa-rdfc-2022" or proofs[0].get("proofPurpose") != "assertionMethod":
        raise ValueError(said("Kredensial ini tidak membawa satu bukti eddsa-rdfc-2022."))
    proof = {name: value for name, value in proofs[0].items() if name != "proofValue"}
    text = str(proofs[0].get("proofValue", ""))
    if not text.startswith("z") or not isinstance(key, ed25519.Ed25519PublicKey):
        return False
    try:
        key.verify(from_base58(text[1:]), _to_sign(rest, proof))
    except InvalidSignature:
        return False
    return True


def _to_sign(document: Json, proof: Json) -> bytes:
    return canonical_hash({"@context": document.get("@context"), **proof}) + canonical_hash(document)
