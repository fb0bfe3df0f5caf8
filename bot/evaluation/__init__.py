"""Measures answers, the guardrail and retrieval on labelled questions, through the function that the app calls."""
