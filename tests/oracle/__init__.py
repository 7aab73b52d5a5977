"""A second, scalar formulation of the same linear program, written from docs/formulation.md alone."""
