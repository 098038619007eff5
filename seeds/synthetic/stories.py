"""What happens in the cases of a synthetic database: kinds of incidents, and the steps by which they go on."""

from __future__ import annotations

from dataclasses import dataclass

from cases.vocabulary import Scope, StageKind
from seeds.synthetic.chance import Uneven


@dataclass(frozen=True)
class Story:
    """One kind of incident.

    `steps` are in the order in which they follow one another; not every case comes to the last. `days` is about how
    many lie between two. `at_home`: it happens in the state behind it.
    """

    tactic: str
    title: str
    steps: tuple[StageKind, ...]
    days: int = 60
    at_home: bool = False
    outcome: str = ""

    @property
    def scope(self) -> Scope:
        return Scope.PROXY if self.at_home else Scope.CROSS_BORDER


STORIES = Uneven(
    {
        Story(
            "detention", "{person} held in {country}", (StageKind.DETENTION, StageKind.HEARING, StageKind.RELEASE)
        ): 9,
        Story(
            "deportation",
            "{person} deported from {country}",
            (StageKind.DETENTION, StageKind.REMOVAL_ORDERED, StageKind.DEPORTATION),
            outcome="deported",
        ): 8,
        Story(
            "extradition",
            "Extradition of {person} sought from {country}",
            (StageKind.WANTED, StageKind.DETENTION, StageKind.EXTRADITION_REQUESTED),
            days=120,
        ): 7,
        Story(
            "extradition",
            "{person} handed over by {country}",
            (StageKind.EXTRADITION_REQUESTED, StageKind.EXTRADITION_GRANTED, StageKind.EXTRADITION),
            outcome="extradited",
        ): 3,
        Story("threat", "Threats against {person} in {country}", (StageKind.MONITORED, StageKind.THREATENED)): 8,
        Story(
            "coercion_by_proxy",
            "Family of {person} hit",
            (StageKind.THREATENED, StageKind.DETENTION, StageKind.CONTACT_LOST),
            at_home=True,
        ): 7,
        Story(
            "passport_seized",
            "{person} left without papers in {country}",
            (StageKind.PASSPORT_REFUSED, StageKind.ASYLUM_CLAIMED, StageKind.ASYLUM_GRANTED),
            days=200,
            outcome="asylum_granted",
        ): 5,
        Story(
            "asylum_refused",
            "Protection of {person} refused in {country}",
            (StageKind.ASYLUM_CLAIMED, StageKind.ASYLUM_REFUSED, StageKind.APPEAL),
            days=180,
        ): 5,
        Story(
            "notice_abuse",
            "{person} stopped in {country} on a notice",
            (StageKind.WANTED, StageKind.DETENTION, StageKind.CONDITIONAL_RELEASE),
        ): 5,
        Story(
            "rendition",
            "{person} taken from {country}",
            (StageKind.DETENTION, StageKind.RENDITION, StageKind.IMPRISONMENT),
            days=20,
            outcome="rendered",
        ): 3,
        Story(
            "trial_in_absentia", "{person} sentenced in absence", (StageKind.CHARGE, StageKind.SENTENCE), at_home=True
        ): 3,
        Story(
            "surveillance",
            "{person} followed in {country}",
            (StageKind.MONITORED, StageKind.QUESTIONED, StageKind.RAID),
        ): 3,
        Story(
            "citizenship_stripped", "{person} stripped of citizenship", (StageKind.CITIZENSHIP_STRIPPED,), at_home=True
        ): 2,
        Story("assault", "{person} attacked in {country}", (StageKind.THREATENED, StageKind.ASSAULT), days=15): 2,
        Story(
            "enforced_disappearance",
            "{person} missing in {country}",
            (StageKind.CONTACT_LOST, StageKind.DISAPPEARANCE),
            days=30,
            outcome="disappeared",
        ): 2,
        Story(
            "coerced_return",
            "{person} made to leave {country}",
            (StageKind.THREATENED, StageKind.COERCED_RETURN, StageKind.IMPRISONMENT),
        ): 2,
        Story(
            "assassination", "{person} killed in {country}", (StageKind.THREATENED, StageKind.DEATH), outcome="killed"
        ): 1,
    }
)
