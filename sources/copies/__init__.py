"""Copies without metadata: what partners and the public get instead of a sealed file.

A photograph tells where it was taken, with which telephone and by whom; a PDF file holds its earlier versions, a Word
document its comments. Each kind of file has a module here, which says what it found and writes the copy. They read
files that strangers made, so they run in a process of their own (`sources.copies.__main__`), which `making` starts.
"""
