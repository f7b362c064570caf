"""Clusters: which nodes belong together, by union and find, with what is known of each cluster."""

from __future__ import annotations

__all__ = ["Clusters"]


class Clusters:
    """Sets of nodes that are joined step by step. Joining and finding take nearly constant time.

    A cluster may be bound to one known entity; two clusters that are bound to different ones are never joined.

    >>> clusters = Clusters()
    >>> clusters.join("a", "b"), clusters.find("a") == clusters.find("b")
    (True, True)
    >>> clusters.bind("a", "nato"); clusters.bind("c", "un"); clusters.join("b", "c")
    False
    """

    def __init__(self) -> None:
        self._parent: dict[str, str] = {}
        self._known: dict[str, str] = {}

    def find(self, node: str) -> str:
        """The node that stands for the cluster."""
        parent = self._parent
        root = node
        while (above := parent.setdefault(root, root)) != root:
            root = above
        while parent[node] != root:
            parent[node], node = root, parent[node]
        return root

    def known(self, node: str) -> str | None:
        """The id of the known entity that the cluster is bound to."""
        return self._known.get(self.find(node))

    def bind(self, node: str, entity_id: str) -> None:
        """Bind the cluster to a known entity, unless it is bound already."""
        self._known.setdefault(self.find(node), entity_id)

    def join(self, node: str, other: str) -> bool:
        """Join the clusters of two nodes; False where they are bound to different known entities."""
        a, b = self.find(node), self.find(other)
        if a == b:
            return True
        known_a, known_b = self._known.get(a), self._known.get(b)
        if known_a is not None and known_b is not None and known_a != known_b:
            return False
        self._parent[b] = a
        if known_b is not None:
            self._known[a] = known_b
        return True
