"""Tests of the solvers, the certificate and what leaves a program: hand-made programs, no scenario."""
