"""Tests of the tables in scenarios/data and of the scripts that write them."""
