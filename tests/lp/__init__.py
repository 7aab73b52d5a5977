"""Blocks, terms and the frozen program, without any industry."""
