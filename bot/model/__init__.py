"""Model mode: a chat model writes from the passages found, and every sentence is checked before it is shown."""
