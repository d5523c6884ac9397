"""Works that can be cited, and how a text cites them.

- enums: the closed sets of the field: study designs, status, comparators, certainty, evidence levels (pure)
- identifiers: DOI, PMID, PMCID, ISBN and ORCID, normalised or refused (pure)
- csl: CSL-JSON as it is accepted here (pure)
- bibliography: NLM/Vancouver references and short names (pure)
- numbering: numbers by first appearance (pure)
"""
