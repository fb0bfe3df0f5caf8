"""Whether a claim is supported by sentences of a passage."""
