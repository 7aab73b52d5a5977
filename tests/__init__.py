"""Tests of transform_sim. Folders follow the package; what concerns the whole stands beside this file."""
