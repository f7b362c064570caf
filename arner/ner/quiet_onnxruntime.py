"""onnxruntime, told to stay at home.

The official builds of onnxruntime carry a client that writes a device id and events under the user's cache folder and
sends them to its makers (1.32 does so on Linux, seen with strace). A library that reads texts offline does neither. The
variable must be set before onnxruntime is loaded; where a program has loaded it before arner, what can still be
switched off is switched off. Who sets `ORT_DISABLE_TELEMETRY` has chosen.
"""

from __future__ import annotations

import os
from typing import Any

__all__ = ["onnxruntime"]

os.environ.setdefault("ORT_DISABLE_TELEMETRY", "1")

import onnxruntime  # the variable comes first

if os.environ["ORT_DISABLE_TELEMETRY"] == "1":
    _off: Any = getattr(onnxruntime, "disable_telemetry_events", None)
    if _off is not None:
        _off()
