"""What the API's description says of writing: bodies from the slots, and every status that a write can end in."""

from __future__ import annotations

from records.api.openapi import (
    API,
    ETAG,
    JSON,
    MISSING,
    PLAIN,
    TEXT,
    Parameter,
    Schema,
    answer,
    camel,
    closed_list,
    key_parameter,
    lead,
    list_of,
    operation,
    or_null,
    problems,
    said,
    structure,
    with_codes,
)
from records.api.request_body import WritableColumn, WritableResource
from records.api.strict_json import LARGEST_NUMBER, LONGEST_LIST
from records.fields.edtf import MAX_LENGTH
from records.vocabulary import DateDoubt, Likeness, ProposalState

WRONG = problems(
    "What is wrong, by its place in the body (a JSON pointer without the first slash, such as names/0/text; “body” for "
    "all of it), or by the name of the header or parameter."
)
REFUSAL = lead("Refusal")
EDTF = TEXT | {"maxLength": MAX_LENGTH}
DATE = {
    "oneOf": [
        EDTF,
        {"type": "object", "properties": {"edtf": EDTF}, "required": ["edtf"], "additionalProperties": False},
    ]
}
NUMBER = {"type": "integer", "minimum": 0, "maximum": LARGEST_NUMBER}
TAKEN: dict[str, Schema] = PLAIN | {"code": TEXT, "date": DATE, "integer": NUMBER}
COMPONENTS = {
    "Proposed": structure(
        "Nothing that others read has changed yet: a second person decides on the proposal.",
        proposal=said(TEXT, "The proposal's reference."),
        state=said(TEXT | {"enum": list(ProposalState.values)}, with_codes("What became of it.", ProposalState)),
        drafts=said(list_of(TEXT), "References of the records that were entered as drafts beside it."),
    ),
    "MayBeStored": said(
        {
            "type": "object",
            "properties": {
                "similar": said(
                    list_of(
                        structure(
                            "A record that may be the same.",
                            ref=PLAIN["reference"],
                            name=said(TEXT, "What it is called."),
                            alike=list_of(
                                structure(
                                    "In what it is alike, or differs.",
                                    likeness=said(
                                        TEXT | {"enum": list(Likeness.values)}, with_codes("In what.", Likeness)
                                    ),
                                    value=or_null(said(TEXT, "The value that it has there.")),
                                )
                            ),
                        )
                    ),
                    "The records that may be the same, as far as you may see them; the likeliest first.",
                )
            },
            "required": ["similar"],
            "additionalProperties": list_of(TEXT) | {"minItems": 1},
        },
        "It may be stored already. If it is another than all of `similar`, give their references in `different_from`.",
    ),
    "DatesInDoubt": said(
        {
            "type": "object",
            "properties": {
                "confirmed_dates": said(list_of(TEXT), "What to do."),
                "dates": said(
                    list_of(
                        structure(
                            "A date that may not be the one that is meant.",
                            at=said(TEXT, "Its place in the body."),
                            value=said(TEXT, "The date as it was given (EDTF)."),
                            doubt=said(
                                TEXT | {"enum": list(DateDoubt.values)}, with_codes("Why it is asked.", DateDoubt)
                            ),
                            question=said(TEXT, "The same in words."),
                            meant=list_of(
                                structure(
                                    "What may be meant.",
                                    edtf=said(TEXT, "The date to give (EDTF)."),
                                    words=said(TEXT, "The same in words, with the working."),
                                )
                            ),
                        )
                    ),
                    "The dates, and what each may mean.",
                ),
            },
            "required": ["confirmed_dates", "dates"],
            "additionalProperties": False,
        },
        "Some dates may not be those that are meant. Correct them, or give those that are in `confirmed_dates`.",
    ),
}


def value_schema(slot: WritableColumn) -> Schema:
    """Return the schema of one value of a slot."""
    if slot.parts:
        parts = body_schema(slot.parts, new=True)
        return {"oneOf": [PLAIN["reference"], parts]} if slot.find else parts
    vocabulary = closed_list(slot.column)
    if vocabulary and slot.find is None:
        return TEXT | {"enum": list(vocabulary.values)}
    return TAKEN.get(slot.column.type, TEXT | {"maxLength": slot.longest})


def slot_schema(slot: WritableColumn) -> Schema:
    """Return the schema of a slot, with what its column means."""
    schema = value_schema(slot)
    if slot.column.many:
        schema = list_of(schema) | {"maxItems": LONGEST_LIST}
    elif not slot.column.filled:
        schema = or_null(schema)
    return said(schema, slot.column.meaning)


def body_schema(slots: tuple[WritableColumn, ...], *, new: bool) -> Schema:
    """Return the schema of a body, of a `new` record or of a change to one."""
    given = [slot for slot in slots if new or not slot.once]
    schema = {"type": "object", "properties": {slot.name: slot_schema(slot) for slot in given}}
    needed = [slot.name for slot in given if slot.needed and new]
    return schema | {"additionalProperties": False, "minProperties": 1} | ({"required": needed} if needed else {})


#: How any write can be refused.
REFUSED = {
    "400": answer("The body or a header makes no sense.", WRONG),
    "401": answer("Nobody is signed in, or the token is not valid.", REFUSAL),
    "403": answer("You may not do this.", REFUSAL),
    "409": answer(
        "It is there already, or may be; a date may not be the one that is meant; or the key was used for more.",
        {"anyOf": [WRONG, lead("MayBeStored"), lead("DatesInDoubt")]},
    ),
    "413": answer("The body is too large.", REFUSAL),
    "415": answer("The body is not said to be JSON in UTF-8.", REFUSAL),
    "429": answer("Too many writes in a minute.", REFUSAL),
}
WAITS = {"202": answer("It waits for a second person.", lead("Proposed"))}
KEY = Parameter(
    "Idempotency-Key",
    "A key of your own, 1 to 200 printable characters of ASCII. The same request sent again within a day with the same "
    "key is carried out once, and answered alike.",
    TEXT | {"pattern": "^[ -~]{1,200}$"},
    place="header",
)
CONDITION = Parameter("If-Match", "The ETag of the record as you read it.", TEXT, place="header", needed=True)


def writing(entry: WritableResource) -> dict[str, Schema]:
    """Return what can be written at the addresses of a resource."""
    resource, singular = entry.resource, entry.resource.singular
    one = lead(camel(singular))
    made = answer("A draft, in review.", one, Location="The address of the new record.", ETag=ETAG)
    submit = operation(
        resource, "submit", f"Submit a new {singular} as a draft", [KEY], {"201": made} | WAITS | REFUSED
    )
    given = {"schema": body_schema(entry.slots, new=True), "example": entry.example}
    conditions = {
        "404": answer(MISSING, lead("Missing")),
        "412": answer("Somebody changed it: this is how it reads now.", one, ETag=ETAG),
        "428": answer("There is no If-Match.", REFUSAL),
    }
    answers = {"200": answer("Changed.", one, ETag=ETAG)} | WAITS | REFUSED | conditions
    change = operation(resource, "change", f"Change a {singular}", [key_parameter(resource), CONDITION], answers)
    changed = {"schema": body_schema(entry.slots, new=False)}
    here = f"{API}{resource.name}/"
    return {
        here: {"post": submit | {"requestBody": {"content": {JSON: given}, "required": True}}},
        f"{here}{{ref}}/": {"patch": change | {"requestBody": {"content": {JSON: changed}, "required": True}}},
    }
