"""What `tools/build_catalogue.py` is made of: authored files and open data in, the shipped catalogue out."""
