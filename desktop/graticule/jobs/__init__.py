"""Work that takes time: progress, cancel, and the runner that brings results home to the caller's thread."""

from graticule.jobs.handle import Handle, Step
from graticule.jobs.runner import InlineRunner, Runner
from graticule.jobs.scoped import ScopedRunner
from graticule.jobs.threads import ThreadRunner

__all__ = ["Handle", "InlineRunner", "Runner", "ScopedRunner", "Step", "ThreadRunner"]
