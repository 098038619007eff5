"""Believable databases of any size, the same in every run, for `manage.py synthesize`. Nothing in them is true."""
