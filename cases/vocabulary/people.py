"""The closed lists that describe people."""

from __future__ import annotations

from records.vocabulary import Vocabulary


class PersonKind(Vocabulary):
    """Whether a record is one human being, several, or an organisation."""

    INDIVIDUAL = "individual", "One human being.", "individual"
    GROUP = "group", "Several people who were acted on together, counted but not named one by one.", "group"
    ORGANISATION = (
        "organisation",
        "A newsroom, a company, a police station abroad, a camp: what acts, or is acted on, under one name.",
        "organisation",
    )


class Standing(Vocabulary):
    """Why somebody is in the database. Being named in an article never makes someone a target."""

    TARGET = (
        "target",
        "An act abroad, or a pursuit of someone in exile, is reported to be aimed at this person.",
        "target",
    )
    TARGET_BY_PROXY = (
        "target_by_proxy",
        "Reported to have been hit inside the origin state in order to reach someone abroad.",
        "target by proxy",
    )
    LINKED = (
        "linked",
        "Has a life or citizenship abroad but is held inside the origin state; not in strict counts.",
        "linked",
    )
    DOMESTIC = "domestic", "Nothing in the case crosses a border; never counted as transnational.", "domestic"
    OTHER = "other", "Appears in the sources without being a target; the role says how.", "other"


class OtherRole(Vocabulary):
    """What somebody of the standing “other” is."""

    OFFICIAL = "official", "Speaks or acts for a state or an international organisation.", "official"
    ADVOCATE = (
        "advocate",
        "Campaigns or works for the people concerned, as an activist or for an organisation.",
        "advocate",
    )
    JOURNALIST = "journalist", "Reports on the case.", "journalist"
    COMMENTATOR = "commentator", "Comments on the case as a scholar, an expert or an observer.", "commentator"
    RELATIVE = (
        "relative",
        "Belongs to the family of someone in the case and is not known to be a target.",
        "relative",
    )
    LAWYER = "lawyer", "Gives legal help or represents someone in the case.", "lawyer"
    BYSTANDER = "bystander", "Was present or is mentioned, with no part in the case.", "bystander"


class Sex(Vocabulary):
    """As the sources state it."""

    FEMALE = "female", "A woman or girl, as the sources state it.", "female"
    MALE = "male", "A man or boy, as the sources state it.", "male"
    UNKNOWN = "unknown", "The sources do not say.", "unknown"


class NameKind(Vocabulary):
    """What sort of form a name is."""

    PRIMARY = "primary", "The name this project shows first.", "primary"
    ALSO_KNOWN_AS = "also_known_as", "Another name the person uses or is known by.", "also known as"
    NATIVE_SCRIPT = "native_script", "The name in the script of the person's own language.", "native script"
    TRANSLITERATION = "transliteration", "The name carried from one script into another.", "transliteration"
    FORMER = "former", "A name no longer used, for example before a marriage or a naturalisation.", "former"
    NICKNAME = "nickname", "A familiar name, a pen name or a screen name.", "nickname"
    MISPRINT = "misprint", "A form printed by mistake, kept so that a search finds it.", "misprint"


class DetailKind(Vocabulary):
    """A fact about a person that may need more protection than the person."""

    BORN = "born", "When or where the person was born.", "born"
    AGE = "age", "How many years old the person was on a day: it tells between which days they were born.", "age"
    ADDRESS = "address", "Where the person lives or lived, more closely than a country.", "address"
    DOCUMENT_NUMBER = (
        "document_number",
        "The number of a passport, an identity card, a permit or a file.",
        "document number",
    )
    CONTACT = "contact", "A telephone number, an e-mail address or an account.", "contact"
    HEALTH = "health", "An illness, an injury or another matter of health.", "health"
    NOTE = "note", "Anything else about the person that is worth keeping.", "note"


class RelationshipKind(Vocabulary):
    """What the relative is to the person."""

    SPOUSE = "spouse", "Husband, wife or partner, now or in the past.", "spouse"
    PARENT = "parent", "Father or mother.", "parent"
    CHILD = "child", "Son or daughter.", "child"
    SIBLING = "sibling", "Brother or sister, full or half.", "sibling"
    STEP_PARENT = "step_parent", "Husband, wife or partner of a parent.", "step-parent"
    STEP_CHILD = "step_child", "Child of a husband, wife or partner.", "step-child"
    OTHER_FAMILY = "other_family", "Another family tie, by blood or by marriage.", "other family"
    LAWYER = "lawyer", "Acts for the person in a legal matter.", "lawyer"
    COLLEAGUE = "colleague", "Works or worked with the person.", "colleague"
    ASSOCIATE = "associate", "Linked by friendship, a cause or business.", "associate"
    MEMBER_OF = "member_of", "A group or an organisation that the person belongs to, or works for.", "member of"
    BUSINESS_PARTNER = "business_partner", "Runs or owns a business together with the person.", "business partner"

    @property
    def inverse(self) -> str:
        """What the person is to the relative: a child, of a parent. “client” and “member” are only read this way."""
        return _INVERSE.get(self, self.value)


_INVERSE = {
    RelationshipKind.PARENT: "child",
    RelationshipKind.CHILD: "parent",
    RelationshipKind.STEP_PARENT: "step_child",
    RelationshipKind.STEP_CHILD: "step_parent",
    RelationshipKind.LAWYER: "client",
    RelationshipKind.MEMBER_OF: "member",
}

#: What others are to a person: the kinds of relationship, and those that are only ever read from the other end.
RelationKind: type[Vocabulary] = Vocabulary(  # type: ignore[assignment]  # mypy takes the call for a member
    "RelationKind",
    [  # type: ignore[arg-type]  # a list of members, which mypy does not know for classes with __new__
        *((kind.name, (kind.value, kind.meaning, kind.label)) for kind in RelationshipKind),
        ("CLIENT", ("client", "The person acts for them in a legal matter.", "client")),
        ("MEMBER", ("member", "Belongs to this group or organisation, or works for it.", "member")),
    ],
)
