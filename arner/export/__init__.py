"""Documents in the formats of others: one format per file, found by name in `FORMATS`.

What denies is never written as if it claimed: see each format's module. Formats that need a package which `pip install
arner` does not bring raise `MissingExtraError` with the name of the extra.

>>> from arner.schema import Document
>>> to_conll(Document(text="زار بوتين."))
'زار\\tO\\nبوتين\\tO\\n.\\tO\\n\\n'
>>> list(FORMATS)
['jsonl', 'json', 'conll', 'csv', 'excel-csv', 'parquet', 'turtle', 'json-ld', 'nquads', 'graphml', 'gexf', 'cypher']
"""

from arner.export.brat import BratFiles, save_brat, to_brat
from arner.export.conll import to_conll
from arner.export.csv import to_csv
from arner.export.cypher import to_cypher
from arner.export.formats import FORMATS, Format, format_of, save
from arner.export.graph import to_gexf, to_graph, to_graphml
from arner.export.html import document_html, document_page
from arner.export.plot import plot
from arner.export.rdf import RdfFormat, to_rdf
from arner.export.webanno import save_webanno, to_webanno
from arner.export.writing import Writer, atomic_file

__all__ = [
    "FORMATS",
    "BratFiles",
    "Format",
    "RdfFormat",
    "Writer",
    "atomic_file",
    "document_html",
    "document_page",
    "format_of",
    "plot",
    "save",
    "save_brat",
    "save_webanno",
    "to_brat",
    "to_conll",
    "to_csv",
    "to_cypher",
    "to_gexf",
    "to_graph",
    "to_graphml",
    "to_rdf",
    "to_webanno",
]
