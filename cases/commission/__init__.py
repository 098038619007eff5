"""Requests to Interpol's review commission (CCF): their clocks and pages."""
