"""WebSub: the hub of our own feeds, as the W3C's Recommendation of 2018 has it.

- models: the tables
- topics: which addresses are topics, and what stands at each
- subscribing: what somebody asks for, and what is refused at once
- verifying: the worker asks whether the callback wanted it
- distributing: the worker sends what stands at a topic when the log has gone on
"""
