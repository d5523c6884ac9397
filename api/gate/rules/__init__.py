"""The rules, one small function each, in families; the table says how each is called, how hard it is, and where.

- citations: CIT        - claims, wording, discouragement: CLM, and the words of SAF-003
- safety: SAF           - reviews, authorship: REV, AUT
- advertising: ADV      - access, readability: ACC, RDB
- privacy: PRV          - links: LNK
"""

from api.gate.rules.table import RULES, Rule, file_rules, rule, text_rules

__all__ = ["RULES", "Rule", "file_rules", "rule", "text_rules"]
