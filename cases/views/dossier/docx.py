"""The dossier as a Word document: the same contents in the same order as on the page.

A document and no PDF: a PDF would have to carry fonts for every script that a name is written in, and a shaper for
them. A document shows them with the fonts of whoever opens it, and a lawyer can go on writing in it.
"""

from __future__ import annotations

from typing import Any

from docx.shared import Cm

from cases.views.dossier.content import Dossier, DossierFact, DossierNotice, DossierStep, Source
from cases.views.dossier.paper import Paper

MEDIA_TYPE = "application/vnd.openxmlformats-officedocument.wordprocessingml.document"


def as_docx(dossier: Dossier) -> bytes:
    """Return the dossier as a file in Office Open XML."""
    paper = Paper(f"Dossier: {dossier.label}", dossier.day)
    paper.footer(f"{dossier.label}, {dossier.ref}. {dossier.prepared[0]}")
    paper.heading(f"Dossier: {dossier.label}", 1)
    paper.paragraph(dossier.ref)
    for line in dossier.prepared:
        paper.paragraph(line, italic=True)
    for write in (who, cases, chronology, disagreements, lives, due, signals, statements, sources):
        write(paper, dossier)
    return paper.as_bytes()


def who(paper: Paper, dossier: Dossier) -> None:
    paper.heading("Who", 2)
    standing = paper.paragraph(f"{dossier.standing.label}. ", bold=True)
    paper.put(standing, dossier.standing.text)
    paper.cite(standing, dossier.standing.cited)
    paper.facts(dossier.who)
    if dossier.names:
        paper.heading("Forms of the name", 3)
        paper.facts(dossier.names)


def cases(paper: Paper, dossier: Dossier) -> None:
    paper.heading("Where it stands", 2)
    for case in dossier.cases:
        paper.heading(f"{case.title} ({case.ref})", 3)
        paper.paragraph(case.sentence, bold=True)
        paper.facts(case.facts)
        if case.summary:
            paper.paragraph(case.summary)
    if dossier.no_case:
        paper.paragraph(dossier.no_case)
    if dossier.appears_in:
        paper.heading("Also appears in", 3)
        paper.facts(dossier.appears_in)


def chronology(paper: Paper, dossier: Dossier) -> None:
    paper.heading("Chronology", 2)
    if not dossier.all_steps:
        paper.paragraph("No step is recorded.")
        return
    paper.paragraph(
        "Steps in the order of their dates. A date that is vague stays vague; where two dates leave the order open, "
        "the later line says so. Steps of unknown date stand at the end. Raised numbers lead to the statements of the "
        "sources."
    )
    table = paper.table(("Step", "Date", "What happened"), (1.4, 4, 11.6))
    for step in dossier.all_steps:
        table.row(str(step.number), step.when, step_text(paper, step, several=dossier.has_several_cases))


def step_text(paper: Paper, step: DossierStep, *, several: bool) -> Any:
    """Return what fills the cell of a step: what happened and its sources, then a line for each thing more."""

    def fill(paragraph: Any) -> None:
        paper.put(paragraph, step.what, bold=True)
        paper.cite(paragraph, step.cited)
        for line in (step.where, step.actor, step.particulars, step.case if several else ""):
            paper.put(paragraph, f"\n{line}" if line else "")
        for line in (step.note, step.order):
            paper.put(paragraph, f"\n{line}" if line else "", italic=True)

    return fill


def disagreements(paper: Paper, dossier: Dossier) -> None:
    paper.heading("Open disagreements", 2)
    if not dossier.disagreements:
        paper.paragraph("The sources cited here contradict each other on no fact.")
    for each in dossier.disagreements:
        paper.paragraph(f"{each.about}. The record holds: {each.held or 'nothing in words'}.", bold=True)
        table = paper.table(("As stated", "Source", "The record", "Why"), (5.5, 2, 4, 5.5))
        for value in each.values:
            follows = "follows it" if value.followed else "does not follow it"
            table.row(
                cell(paper, value.stated or "(no value given)", (value.statement,)),
                f"Source {value.source}",
                f"{follows} ({value.stance})",
                value.why or "not recorded",
            )


def cell(paper: Paper, text: str, cited: tuple[int, ...]) -> Any:
    def fill(paragraph: Any) -> None:
        paper.put(paragraph, text)
        paper.cite(paragraph, cited)

    return fill


def lives(paper: Paper, dossier: Dossier) -> None:
    for heading, several in (
        ("Notices", dossier.notices),
        ("Requests to Interpol's commission (CCF)", dossier.requests),
    ):
        if several:
            paper.heading(heading, 2)
        for each in several:
            life(paper, each)


def life(paper: Paper, each: DossierNotice) -> None:
    paper.heading(f"{each.title} ({each.ref})", 3)
    paper.facts(each.facts)
    if not each.events:
        paper.paragraph("No event is recorded.")
        return
    table = paper.table(("Date", "What became of it", "Who says so"), (4, 7, 6))
    for event in each.events:
        table.row(event.when, cell(paper, event.state, event.cited), event.asserted_by or "not recorded")


def due(paper: Paper, dossier: Dossier) -> None:
    paper.heading("What comes next", 2)
    if not dossier.due:
        paper.paragraph("No day is recorded on which anything falls due.")
        return
    table = paper.table(("By when", "What", f"On {dossier.made_on}", "How the day is reckoned"), (4, 4.5, 3, 5.5))
    for each in dossier.due:
        table.row(each.when, cell(paper, each.what, each.cited), each.standing, each.working)


def signals(paper: Paper, dossier: Dossier) -> None:
    if not dossier.signals:
        return
    paper.heading("Signals of the danger of return", 2)
    paper.paragraph(
        f"What is recorded that bears on the danger of being sent back, as of {dossier.made_on}. These are inputs and "
        "no prediction: they are neither weighed nor added up, and nothing is inferred from what is not recorded."
    )
    for each in dossier.signals:
        paper.heading(f"{each.says} ({each.case})" if each.case else each.says, 3)
        paper.facts(each.inputs)
        if each.more or not each.inputs:
            paper.paragraph(f"And {each.more} more, counted and not listed." if each.more else "No record.")


def statements(paper: Paper, dossier: Dossier) -> None:
    paper.heading("Statements", 2)
    if not dossier.statements:
        paper.paragraph("No source is cited.")
    for each in dossier.statements:
        place = f", {each.place}" if each.place else ""
        stated = f": “{each.stated}”" if each.stated else ""
        proof = f" SHA-256 of the passage: {each.sha256}" if each.sha256 else ""
        reason = f" {each.reason}" if each.reason else ""
        said_by = f", says {each.said_by}" if each.said_by else ""
        about = f"{each.about}{stated}{said_by} ({each.stance})."
        text = f"{each.number}. Source {each.source}{place}. {about}{reason} {each.ref}"
        paragraph = paper.paragraph(text + proof, small=True)
        paragraph.paragraph_format.left_indent, paragraph.paragraph_format.first_line_indent = Cm(0.8), Cm(-0.8)
        paper.mark(paragraph, f"statement-{each.number}")


def sources(paper: Paper, dossier: Dossier) -> None:
    paper.heading(f"Sources: {dossier.tally}", 2)
    paper.paragraph(
        "Documents that descend from one origin stand together. Independent are those that support a fact, counted by "
        "who says it first: papers that quote one letter count as one, and what contradicts supports nothing."
    )
    for group in dossier.groups:
        if len(group.sources) > 1:
            paper.paragraph(f"One origin, {len(group.sources)} documents:", italic=True)
        for source in group.sources:
            described(paper, source)


def described(paper: Paper, source: Source) -> None:
    paper.heading(f"Source {source.number}: {source.title} ({source.ref})", 3)
    paper.facts([DossierFact("Descent", source.descent), *source.facts])
    for file in source.captures:
        paper.paragraph(
            f"Captured {file.captured} ({file.kind}) {file.ref}, SHA-256: {file.sha256}"
            + (f"; of the copy that is handed out: {file.copy_sha256}" if file.copy_sha256 else ""),
            small=True,
        )
    if source.note:
        paper.paragraph(source.note, italic=True)
