"""What all tests share: property tests judge results, never the speed of the machine, and fail the same way twice."""

from hypothesis import settings

settings.register_profile("house", deadline=None, derandomize=True)
settings.load_profile("house")
