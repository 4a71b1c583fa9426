"""Keys in a PKCS#11 token (a smart card, an HSM): made there, never seen outside. Needs the extra ``elearn[pkcs11]``."""

from __future__ import annotations

import os

from cryptography.hazmat.primitives.asymmetric import ec
from pkcs11 import Attribute, KeyType, ObjectClass, lib
from pkcs11.util.ec import encode_named_curve_parameters

from elearn_certificates.signing.encoding import Public

UNCOMPRESSED = 65  # bytes of a P-256 point: 0x04, x, y


def public_key_of(*, module: str, token: str, label: str) -> Public:
    """The public half of the P-256 key ``label`` in the token ``token``, made there if it is not yet.

    ``module`` is the path of the vendor's library; the PIN comes from ELEARN_CERTIFICATES_PIN and is kept nowhere.
    """
    found = lib(module).get_token(token_label=token)
    with found.open(rw=True, user_pin=os.environ.get("ELEARN_CERTIFICATES_PIN", "")) as session:
        keys = list(session.get_objects({Attribute.CLASS: ObjectClass.PUBLIC_KEY, Attribute.LABEL: label}))
        if keys:
            public = keys[0]
        else:
            named = {Attribute.EC_PARAMS: encode_named_curve_parameters("secp256r1")}
            public, _ = session.create_domain_parameters(KeyType.EC, named, local=True).generate_keypair(store=True, label=label)
        point = bytes(public[Attribute.EC_POINT])
    return ec.EllipticCurvePublicKey.from_encoded_point(ec.SECP256R1(), point[-UNCOMPRESSED:])
