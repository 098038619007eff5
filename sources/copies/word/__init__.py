"""Copies of Word documents, built anew: nothing goes into one that is not named in `allowed`, or not seen on paper.

`package` copies the parts that are still named; `text` builds the markup of each, of what is not `unseen`; `values` are
those of its attributes; `fields` leaves of fields what they show; `headers`, `forms` (styles and lists), `layout`,
`pictures` and `frames` are copied as far as they are used; `names` gives names of no meaning; `found` says what
else was there.
"""
