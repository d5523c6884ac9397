"""Reads as one statement: an operation becomes one SELECT that returns the whole answer as JSON.

`selection` reads what is asked, `facts` says where each field of each type comes from, `compiler` puts them together,
`running` keeps the plans and runs them. Whatever no fact knows is answered by Strawberry, as a whole.
"""

from schema.plan.running import Plans
from schema.plan.selection import Unplanned

__all__ = ["Plans", "Unplanned"]
