"""What another organisation's count takes in, and under which condition."""

from records.vocabulary import Vocabulary


class Counting(Vocabulary):
    """Whether Freedom House counts acts of a kind that took place outside the origin."""

    ALWAYS = "always", "Every act of this kind outside the origin is counted.", "always"
    IF = "if", "Counted where a condition is met.", "if"
    NEVER = "never", "No act of this kind is counted; what followed from it may be.", "never"


class CountingCondition(Vocabulary):
    """Under which condition Freedom House counts an act of a kind that it counts now and then."""

    REACHED = (
        "reached",
        "The person was physically reached: hurt, shot at, poisoned; not where it was foiled before.",
        "the person was physically reached",
    )
    REMOVED_UNLAWFULLY = (
        "removed_unlawfully",
        "The removal was carried out and was unlawful; a request or an order alone does not count.",
        "the removal was carried out and unlawful",
    )
    INTO_ORIGINS_HANDS = (
        "into_origins_hands",
        "It led into the hands of the origin.",
        "it led into the origin's hands",
    )
    BY_WHAT_FOLLOWED = (
        "by_what_followed",
        "Something that is counted followed from it: the person was held abroad, carried off, hurt or killed.",
        "something that is counted followed",
    )


class Counted(Vocabulary):
    """Whether Freedom House's count of physical acts would take in what happened to a person."""

    YES = "yes", "By what is recorded, it would.", "yes"
    NO = "no", "By what is recorded, it would not.", "no"
    UNKNOWN = "unknown", "What decides it is not recorded; it is not guessed.", "not known"
