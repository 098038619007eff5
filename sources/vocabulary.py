"""The closed lists that describe source documents, each code with its meaning."""

from __future__ import annotations

from records.vocabulary import Vocabulary


class Derivation(Vocabulary):
    """How a document descends from another, or that it does not."""

    ORIGINAL = "original", "The outlet's own reporting or statement.", "original"
    WIRE_COPY = "wire_copy", "A news agency's report, printed by another outlet.", "wire copy"
    SYNDICATED_COPY = "syndicated_copy", "Another outlet's article, printed again.", "syndicated copy"
    MACHINE_RETRANSLATION = (
        "machine_retranslation",
        "An article translated away and back by machine; names and idioms are often garbled.",
        "machine re-translation",
    )
    REWRITE = "rewrite", "An article that retells another outlet's report.", "rewrite"
    EXCERPT = "excerpt", "A part of a longer document.", "excerpt"


class Reliability(Vocabulary):
    """How far the source has earned trust, apart from this statement (Admiralty code)."""

    A = "A", "No doubt about its authenticity or competence.", "A, completely reliable"
    B = "B", "Minor doubts.", "B, usually reliable"
    C = "C", "Doubts, but it has been right before.", "C, fairly reliable"
    D = "D", "Significant doubts.", "D, not usually reliable"
    E = "E", "Known to have been wrong or dishonest.", "E, unreliable"
    F = "F", "Nothing is known to judge by.", "F, cannot be judged"
