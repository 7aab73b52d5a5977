"""Sweeps: many cases of one scenario, planned, certified and resumable."""
