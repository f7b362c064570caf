"""Where tables and other libraries meet arner: a module for each, beside code that all of them share.

- `arner.bridges.datasets`: a function for ``datasets.map`` of Hugging Face.
- `arner.bridges.spark`: a function for ``DataFrame.mapInPandas`` of Spark.
- `arner.bridges.spacy`: a component for spaCy pipelines.

A table keeps its rows: whatever a row holds, one row goes in and one comes out. Importing this package loads none of
these libraries. See docs/INTEGRATIONS.md.
"""

from arner.bridges.rows import TableReader
from arner.bridges.settings import ExtractorSettings

__all__ = ["ExtractorSettings", "TableReader"]
