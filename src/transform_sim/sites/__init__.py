"""One plant as a price taker over the full year: its scenario, its best operation, and many price cases."""
