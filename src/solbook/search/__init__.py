"""The derived indexes: pictures, views, words. They can be deleted and made again at any time.

What asks them is imported by name (`solbook.search.related`, `solbook.search.also_like`), and they
import faiss and Tantivy only when an index is opened: few commands need either.
"""
