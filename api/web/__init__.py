"""The HTTP edges: what reaches the house by the wire, and in what form it leaves. Knows Starlette, no content rules.

- application: the whole, one ASGI callable from the parts that the composition root hands in
- edge: around everything: access log, security headers, the last net for faults
- graphql: the endpoint at /graphql
- graphiql: its page for people
- media, health: pictures by the hash of their bytes; whether this process lives and may be sent readers
- uploads, forms: the way in for pictures; a form with one file, read as it arrives
- callers, bearer: who calls: the clinic's own site or an address; a token
- answers, codes: a whole answer as a value; the closed set of error codes
- serve, processes, logs: uvicorn; several of it behind one port; and what it writes down
"""
