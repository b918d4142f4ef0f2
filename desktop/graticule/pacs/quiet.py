"""What the network libraries log holds addresses with names and numbers of patients in them: it is not let out."""

import logging


def hush(*loggers: str) -> None:
    """Our own log carries ids and counts only, whatever level somebody asks for."""
    for name in loggers:
        logger = logging.getLogger(name)
        logger.setLevel(logging.CRITICAL + 1)
        logger.propagate = False
