"""The formulation: each family against small studies solved by hand, and its program as a golden text."""
