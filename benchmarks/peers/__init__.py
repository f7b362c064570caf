"""What could be used instead of arner, each in a module of its own: a class that reads texts, or says why it cannot."""

from __future__ import annotations

from benchmarks.peers.peer import Peer, UnavailableError, load_peers

__all__ = ["Peer", "UnavailableError", "load_peers"]
