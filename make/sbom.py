"""`make sbom`: what an installation runs, as a list in CycloneDX 1.6 (JSON).

Names, versions and hashes come from the lock file; licences, and who needs whom, from what the installed packages say
of themselves. Python, the database and what wheels bring along in compiled form are not in it.
"""

from __future__ import annotations

import sys
from collections.abc import Iterator
from importlib.metadata import Distribution, distributions
from pathlib import Path

from cyclonedx.contrib.license.factories import LicenseFactory
from cyclonedx.contrib.this.builders import this_component
from cyclonedx.model import ExternalReference, ExternalReferenceType, HashAlgorithm, HashType, XsUri
from cyclonedx.model.bom import Bom
from cyclonedx.model.component import Component, ComponentType
from cyclonedx.model.license import License, LicenseAcknowledgement
from cyclonedx.output.json import JsonV1Dot6
from cyclonedx.schema import SchemaVersion
from cyclonedx.validation.json import JsonStrictValidator
from packageurl import PackageURL
from packaging.requirements import Requirement
from packaging.utils import canonicalize_name

from make.lock import RUN, Pin, pins, pyproject
from make.shell import Trouble, tell

Installed = dict[str, Distribution]


def installed(locked: list[Pin]) -> Installed:
    """Return what the packages of the lock say of themselves, where they are installed in the version locked."""
    versions = {pin.name: pin.version for pin in locked}
    found = {str(canonicalize_name(package.metadata["Name"])): package for package in distributions()}
    return {name: package for name, package in found.items() if versions.get(name) == package.version}


def licences(package: Distribution) -> Iterator[License]:
    """Yield the licences that a package declares: one expression, or else a name, or else its classifiers."""
    about = package.metadata
    named = [*about.get_all("License-Expression", []), *about.get_all("License", [])][:1]
    if not named or "\n" in named[0]:  # some write the whole licence there
        lines = about.get_all("Classifier", [])
        named = [line.rpartition(" :: ")[2] for line in lines if line.startswith("License :: ")]
    yield from map(declared, named)


def declared(text: str) -> License:
    """Return a licence as its package declares it: an identifier or expression of SPDX, or else a mere name."""
    return LicenseFactory().make_from_string(text, license_acknowledgement=LicenseAcknowledgement.DECLARED)


def component(pin: Pin, package: Distribution | None) -> Component:
    """Return one package; the hashes are those of all files that the lock takes for it, one for each platform."""
    address = PackageURL("pypi", name=pin.name, version=pin.version)
    files = ExternalReference(
        type=ExternalReferenceType.DISTRIBUTION,
        url=XsUri(str(address)),
        hashes=[HashType(alg=HashAlgorithm.SHA_256, content=sha256) for sha256 in pin.hashes],
    )
    return Component(
        type=ComponentType.LIBRARY,
        name=pin.name,
        version=pin.version,
        description=f"Installed only where {pin.marker}" if pin.marker else None,
        purl=address,
        bom_ref=str(address),
        licenses=licences(package) if package else (),
        external_references=[files],
    )


def needs(packages: Installed) -> dict[str, set[str]]:
    """Return by name what each package needs here; what the project itself asks for stands under ""."""
    found: dict[str, set[str]] = {}
    asked = [("", Requirement(line)) for line in pyproject()["project"]["dependencies"]]
    while asked:
        asker, requirement = asked.pop()
        name = str(canonicalize_name(requirement.name))
        if name not in packages or name in found.setdefault(asker, set()):
            continue
        found[asker].add(name)
        further = [Requirement(line) for line in packages[name].requires or ()]
        asked += [(name, each) for each in further if applies(each, requirement.extras)]
    return found


def applies(requirement: Requirement, extras: set[str]) -> bool:
    """Whether a package asks for something on this machine, given which of its extras were asked for."""
    marker = requirement.marker
    return marker is None or any(marker.evaluate({"extra": extra}) for extra in ("", *extras))


def bill() -> Bom:
    """Return the list: Waymark, and every package of the lock that it runs on."""
    project, locked = pyproject()["project"], pins(RUN)
    packages = installed(locked)
    made = {pin.name: component(pin, packages.get(pin.name)) for pin in locked}
    made[""] = Component(
        type=ComponentType.APPLICATION,
        name=project["name"],
        version=project["version"],
        description=project["description"],
        bom_ref=project["name"],
        licenses=[declared(project["license"])],
    )
    result = Bom(components=[made[pin.name] for pin in locked])
    result.metadata.component = made[""]
    result.metadata.tools.components.add(this_component())
    for asker, names in needs(packages).items():
        result.register_dependency(made[asker], [made[name] for name in names])
    return result


def main() -> None:
    """Write the list to the file named on the command line, or to standard output."""
    text = JsonV1Dot6(bill()).output_as_string(indent=2) + "\n"
    if wrong := JsonStrictValidator(SchemaVersion.V1_6).validate_str(text):
        raise Trouble(f"The list does not keep to the schema of CycloneDX, so nothing was written: {wrong}")
    if sys.argv[1:]:
        Path(sys.argv[1]).write_text(text, encoding="utf-8")
    else:
        sys.stdout.write(text)


if __name__ == "__main__":
    tell(main)
