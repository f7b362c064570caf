"""Property tests run without a deadline: on a busy machine a first call that reads a data file would break it."""

from __future__ import annotations

from hypothesis import settings

settings.register_profile("no-deadline", deadline=None)
settings.load_profile("no-deadline")
