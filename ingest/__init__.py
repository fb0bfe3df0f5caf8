"""Cupwise's writing side: read documents, split, embed and publish versions of the index."""
