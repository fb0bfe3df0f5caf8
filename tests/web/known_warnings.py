"""Warnings of third parties that a test over the web application meets."""

GRADIO_LEAVES_OPEN = (
    "ignore:The copy keyword is deprecated:DeprecationWarning",
    "ignore:'future.no_silent_downcasting' is deprecated:DeprecationWarning",
    "ignore:unclosed event loop:ResourceWarning",
    "ignore:unclosed <socket:ResourceWarning",
    "ignore:Exception ignored in. <function BaseEventLoop:pytest.PytestUnraisableExceptionWarning",
    "ignore:Exception ignored in. <socket:pytest.PytestUnraisableExceptionWarning",
)
"""Gradio makes an event loop for its locks in each thread and never closes it; that is not ours to mend."""
