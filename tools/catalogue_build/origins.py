"""The open datasets that numbers are drawn from: origin, commit, licence and the words that name them."""

from __future__ import annotations

from dataclasses import dataclass

LICENCES = ("CC-BY-4.0", "Apache-2.0", "MIT", "CC0-1.0", "quoted")
"""What a number may be shipped under, the most demanding first; `quoted` is a single fact from a publication."""

ADDRESSES = {
    "CC-BY-4.0": "CC BY 4.0, https://creativecommons.org/licenses/by/4.0/",
    "Apache-2.0": "Apache License 2.0, https://www.apache.org/licenses/LICENSE-2.0",
    "MIT": "MIT licence, https://opensource.org/license/mit",
    "CC0-1.0": "CC0 1.0, https://creativecommons.org/publicdomain/zero/1.0/",
    "quoted": "Single facts, quoted with their source",
}


@dataclass(frozen=True)
class Origin:
    """One dataset: its name, where it was read, its licence, and how to name it."""

    name: str
    place: str
    licence: str
    attribution: str


def _read(repository: str, files: str, commit: str) -> str:
    return f"Read from the public repository {repository}, {files}, commit {commit}"


ORIGINS = {
    "technology-data": Origin(
        "technology-data (PyPSA)",
        _read("PyPSA/technology-data", "outputs/costs_*.csv", "634cdc1a5613ebe2afd2a1fbed7b46653599fcf5"),
        "CC-BY-4.0",
        "PyPSA technology-data contributors, CC BY 4.0; contains data of the Danish Energy Agency and others, named "
        "beside each number",
    ),
    "POSTED": Origin(
        "POSTED",
        _read("PhilippVerpoort/posted", "posted/database/tedfs/Tech/*.csv", "660b72ba5303690f6b9b4ce51306ed987b0d9317"),
        "CC-BY-4.0",
        "POSTED Data (c) 2023 Philipp C. Verpoort, CC BY 4.0",
    ),
    "PyPSA-Eur config": Origin(
        "PyPSA-Eur configuration",
        _read("PyPSA/pypsa-eur", "config/config.default.yaml", "16ed084ecd04e481d67c24a2af284275ca47dde8"),
        "CC0-1.0",
        "PyPSA-Eur authors",
    ),
    "JRC-IDEES-2015 (derived)": Origin(
        "JRC-IDEES-2015",
        _read(
            "calliope-project/sector-coupled-euro-calliope",
            "data/industry/",
            "4eeff47ec3b285e0280a4131f6c381cd9028cf75",
        ),
        "CC-BY-4.0",
        "European Commission, Joint Research Centre, JRC-IDEES-2015 (Mantzos et al. 2018), CC BY 4.0; final energy "
        "divided by production",
    ),
    "MESSAGEix-Materials (R12_WEU)": Origin(
        "MESSAGEix-Materials",
        _read(
            "iiasa/message-ix-models", "message_ix_models/data/material/", "583e26773172a9d2b1af36abbb4d26faf9ad4bd3"
        ),
        "Apache-2.0",
        "(c) IIASA and contributors, Apache License 2.0",
    ),
    "AdOpT-NET0": Origin(
        "AdOpT-NET0",
        _read("UU-ER/AdOpT-NET0", "technology files (JSON)", "f5a7ef836e318aaa3185002501e905a8e5c318b3"),
        "MIT",
        "AdOpT-NET0 authors, MIT licence; petrochemical units: doi 10.1021/acs.iecr.3c02226",
    ),
    "GENeSYS-MOD": Origin(
        "GENeSYS-MOD",
        _read("GENeSYS-MOD/GENeSYS_MOD.data", "data sheets", "88bade29dfd65ef77361b5b34a1c4ac4bcf0eadf"),
        "Apache-2.0",
        "GENeSYS-MOD authors, Apache License 2.0",
    ),
    "ETM (etsource)": Origin(
        "Energy Transition Model",
        _read("quintel/etsource", "nodes and carriers", "54775b3d37feeef95a827e0182485489e4f5fe1e"),
        "MIT",
        "(c) Quintel Intelligence, Energy Transition Model, MIT licence",
    ),
    "open-tyndp": Origin(
        "TYNDP 2024",
        _read("open-energy-transition/open-tyndp", "configuration", "9c955e14f19226e9bb1a94c312ecd2e9d68c81b5"),
        "CC-BY-4.0",
        "ENTSO-E and ENTSOG, TYNDP 2024, CC BY 4.0",
    ),
    "pypsa-de": Origin(
        "PyPSA-DE",
        _read("PyPSA/pypsa-de", "config/", "0bafa9c702fa4d8552971eed14dc313b788d7ef5"),
        "MIT",
        "PyPSA-DE contributors, Kopernikus project Ariadne, MIT licence",
    ),
    "green-value-chains": Origin(
        "Green value chains",
        _read("PhilippVerpoort/green-value-chains", "data", "f9ee4e48fa1cca738bce1785e2ea0338f91e2054"),
        "MIT",
        "Verpoort et al. (2024), green value chains, MIT licence",
    ),
}

_BY_REPOSITORY = {
    "PyPSA/technology-data": "technology-data",
    "PyPSA/pypsa-eur": "PyPSA-Eur config",
    "PyPSA/pypsa-de": "pypsa-de",
    "GENeSYS-MOD/GENeSYS_MOD.data": "GENeSYS-MOD",
    "quintel/etsource": "ETM (etsource)",
    "open-energy-transition/open-tyndp": "open-tyndp",
    "PhilippVerpoort/green-value-chains": "green-value-chains",
}


def of_repository(text: str) -> str | None:
    """The dataset whose repository a row's `origin` begins with; None for facts that need none."""
    return next((key for start, key in _BY_REPOSITORY.items() if text.startswith(start)), None)


def most_demanding(licences: list[str]) -> str:
    """The licence under which a number made from several sources is shipped."""
    return min(licences, key=LICENCES.index)
