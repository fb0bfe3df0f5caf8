"""The web chat: renderers, the session adapter, the Gradio app, and the reader pages around it."""

import os

os.environ["GRADIO_ANALYTICS_ENABLED"] = "False"
"""Gradio reads it when it is imported: nothing about its use is sent anywhere."""

os.environ.setdefault("MPLBACKEND", "agg")
"""Gradio asks for matplotlib's backend on each question; to find one takes seconds, the first time."""
# Gradio would make a table of its last 10,000 events after each one, for a page of its own that is switched off.
os.environ.setdefault("GRADIO_ANALYTICS_MAX_EVENTS", "1")
os.environ.setdefault("GRADIO_ANALYTICS_CACHE_FREQUENCY", "1000000000")
