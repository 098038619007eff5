"""The web pages, by noun."""

from cases.commission.pages import CcfRequestPage, CcfRequestsExport, CcfRequestsList
from cases.duties.pages import DutiesExport, DutiesList, DutyPage
from cases.views.agreements import (
    AgreementPage,
    AgreementsExport,
    AgreementsList,
    EventPage,
    EventsExport,
    EventsList,
)
from cases.views.captures import CapturedFile, SealedFile
from cases.views.codebook import Codebook
from cases.views.countries import CountriesExport, CountriesList, CountryPage
from cases.views.home import Home
from cases.views.incidents import IncidentPage, IncidentsExport, IncidentsList
from cases.views.notices import NoticePage, NoticesExport, NoticesList
from cases.views.people import PeopleExport, PeopleList, PersonPage
from cases.views.search import Search
from cases.views.sources import SourcePage, SourcesExport, SourcesList

#: The pages of each resource: its list, the list as a file, and one record.
PAGES = (
    (PeopleList, PeopleExport, PersonPage),
    (IncidentsList, IncidentsExport, IncidentPage),
    (DutiesList, DutiesExport, DutyPage),
    (NoticesList, NoticesExport, NoticePage),
    (CcfRequestsList, CcfRequestsExport, CcfRequestPage),
    (SourcesList, SourcesExport, SourcePage),
    (CountriesList, CountriesExport, CountryPage),
    (AgreementsList, AgreementsExport, AgreementPage),
    (EventsList, EventsExport, EventPage),
)

__all__ = ["PAGES", "CapturedFile", "Codebook", "Home", "Search", "SealedFile"]
