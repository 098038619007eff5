"""Model fields of our own: uncertain dates (EDTF), and names folded for search."""
