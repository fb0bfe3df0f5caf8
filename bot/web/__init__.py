"""The web chat: renderers, the session adapter, the Gradio app, and the reader pages around it."""

import os

os.environ["GRADIO_ANALYTICS_ENABLED"] = "False"
"""Gradio reads it when it is imported: nothing about its use is sent anywhere."""

os.environ.setdefault("MPLBACKEND", "agg")
"""Gradio asks for matplotlib's backend on each question; to find one takes seconds, the first time."""
