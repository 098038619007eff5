"""Lists of records: codebook, filters, pages, cursors and CSV, the same for every resource."""
