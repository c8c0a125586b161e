# SPDX-License-Identifier: BSL-1.0
"""sbom.py FILE VERSION: whether the bill of materials is proper SPDX 2.3, and true."""

import json
import re
import subprocess
import sys

ELEMENT = re.compile(r"SPDXRef-[A-Za-z0-9.-]+")
LINKED_AS = {"boost_url": "boost", "pugixml": "pugixml", "onlink": "onlink"}


def said_by(*command, **how):
    return subprocess.run(command, check=True, text=True, capture_output=True, **how).stdout


def boost_version():
    macros = said_by("g++", "-dM", "-E", "-x", "c++", "-", input="#include <boost/version.hpp>")
    number = int(re.search(r"define BOOST_VERSION (\d+)", macros)[1])
    return f"{number // 100000}.{number // 100 % 1000}.{number % 100}"


def expect(holds, what):
    if not holds:
        sys.exit(f"FAILED: {what}")


def check(document, version):
    expect(document["spdxVersion"] == "SPDX-2.3" and document["dataLicense"] == "CC0-1.0", "the form")
    expect(document["SPDXID"] == "SPDXRef-DOCUMENT", "its own name")
    expect(re.fullmatch(r"https://\S+-[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}", document["documentNamespace"]),
           "a name like no other")
    expect(re.fullmatch(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ", document["creationInfo"]["created"]), "the date")
    expect(all(creator.startswith("Tool: ") for creator in document["creationInfo"]["creators"]), "the creators")

    packages = {package["name"]: package for package in document["packages"]}
    for package in packages.values():
        expect(ELEMENT.fullmatch(package["SPDXID"]) and package["downloadLocation"], f"{package['name']}: what SPDX wants")
        for reference in package.get("externalRefs", []):
            expect(reference["referenceLocator"].endswith(package["versionInfo"]), f"{package['name']}: purl")

    linked = {LINKED_AS[word[2:]] for word in said_by("pkg-config", "--static", "--libs", "onlink").split()
              if word.startswith("-l")}
    expect(set(packages) == linked, f"{sorted(packages)} are named, {sorted(linked)} are linked")
    there = {"onlink": version, "boost": boost_version()}
    there["pugixml"] = said_by("pkg-config", "--modversion", "pugixml").strip()
    for name, package in packages.items():
        found = [int(part) for part in package["versionInfo"].split(".")]
        wanted = [int(part) for part in there[name].split(".")]
        expect(found == wanted or found == wanted + [0], f"{name} {package['versionInfo']}, but there is {there[name]}")

    related = {(link["spdxElementId"], link["relationshipType"], link["relatedSpdxElement"])
               for link in document["relationships"]}
    expect(related == {("SPDXRef-DOCUMENT", "DESCRIBES", "SPDXRef-onlink")} |
           {("SPDXRef-onlink", "DEPENDS_ON", packages[name]["SPDXID"]) for name in packages if name != "onlink"},
           "what belongs to what")


with open(sys.argv[1], encoding="utf-8") as file:
    check(json.load(file), sys.argv[2])
