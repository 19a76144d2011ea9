from __future__ import annotations

from hypothesis import settings

settings.register_profile("raadsgeheugen", deadline=None)
settings.load_profile("raadsgeheugen")
