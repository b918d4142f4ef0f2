"""Graticule: an annotation workstation for clinicians, and the central server it talks to."""

__version__ = "0.1.0"
