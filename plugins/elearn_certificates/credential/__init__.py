"""Proofs that stand without the site: the signed claim in the QR code, Open Badges 3.0 credentials, the list of revoked ones."""
