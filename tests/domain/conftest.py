"""Property tests prove values, not speed: no deadline, so that a busy machine fails nothing."""

from hypothesis import settings

settings.register_profile("graticule", deadline=None)
settings.load_profile("graticule")
