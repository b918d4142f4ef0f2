"""Whom a TLS connection trusts: this computer's own certificates, and a hospital's root from a file."""

import ssl

import truststore

from graticule.domain.errors import GraticuleError


def trusted(ca_file: str) -> ssl.SSLContext:
    """A client's context. ca_file: PEM, "" for none. GraticuleError when the file is none."""
    context = truststore.SSLContext(ssl.PROTOCOL_TLS_CLIENT)
    if ca_file:
        try:
            context.load_verify_locations(cafile=ca_file)
        except (OSError, ssl.SSLError) as fault:
            raise GraticuleError("The file with the root certificate cannot be read.",
                                 "Choose the PEM file that your IT department gave you for the archive.") from fault
    return context
