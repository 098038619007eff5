"""The columns of records that no public column draws on, each with the reason. Whatever stands nowhere fails a check.

`*` stands for every model that has the column. Private does not mean that nobody reads it: pages and admin show some of
these to whoever may see the row. It means that no API and no export gives them away.
"""

PRIVATE = {
    "*.id": "the internal key, which would tell how many records there are",
    "*.level": "who may read a row is between the row and the rule",
    "*.review": "what is not published does not exist for most readers",
    "*.readers": "who is trusted with a record is as sensitive as the record",
    "*.team": "who works on a record is nobody else's business",
    "*.submitted_by": "who trusted the project with a case may be in danger for it",
    "*.version": "counts changes, hidden ones too",
    "*.created_at": "when a record was entered tells of the work on it",
    "*.updated_at": "changes with columns that its reader may not see; the pages show it to those who see the row",
    "*.lane": "who may read a row, worked out; it would tell of hidden parents and of teams",
    "*.folded": "the text of other columns, made ready for searching",
    "Citation.said_by_folded": "the text of another column, made ready for comparing",
    "SourceDocument.outlet_folded": "the text of another column, made ready for comparing",
    "SourceDocument.address_key": "the text of another column, made ready for comparing",
    "SourceDocument.text_key": "what the private text is compared by",
    "PersonName.skeleton": "how a name sounds, for searching",
    "PersonDetail.value": "addresses, documents, health: read on the person's page by those who may see the row",
    "Capture.expunged": "that a file was destroyed is told by its page alone",
    "Capture.note": "for the team",
    "Capture.size": "read beside the file, on the source's page",
    "Capture.stored": "where the file lies in the store",
    "Capture.found": "what a file tells beside what it shows is for the team alone: places, devices, authors",
    "Capture.copy_stored": "where the copy lies in the store",
    "Capture.copy_size": "read beside the copy, on the source's page",
    "Capture.no_copy": "why a file stays with the team is the team's business",
    "Capture.taken_by": "who of the team took it",
    "Capture.tool": "how the team works",
    "Incident.without_evidence": "why a stage has no source may tell who told of it: for the team",
    "SourceDocument.text": "the text of an article belongs to who printed it; never shown, never exported",
}
