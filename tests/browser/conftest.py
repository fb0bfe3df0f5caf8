"""Fixtures and hooks of the browser tests; see driving.py."""

from driving import *  # noqa: F403
