"""The web chat: renderers, the session adapter, the Gradio app, and the reader pages around it."""
