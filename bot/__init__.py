"""Cupwise's reading side: triage, retrieve, answer, verify, notice; web chat; evaluation."""
