"""What holds for every test."""

from hypothesis import settings

# On a busy machine any example may take long; what something costs is bounded by process_time.within.
settings.register_profile("crossfoot", deadline=None)
settings.load_profile("crossfoot")
