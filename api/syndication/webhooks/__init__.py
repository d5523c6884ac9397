"""Webhooks: what is told to others as it happens, signed, again and again until they have heard it.

- models: the tables
- events: what is told, and the payload of each
- signing: secrets that are kept nowhere, and the Standard Webhooks signature
- retries: when to try again (pure)
- outbox: who is to be told of what; deliveries are written with the position in the log
- noticing: what editors are told, found by looking
- delivering: the worker's side: one delivery at a time for each address, many addresses at once
- managing: what owners do with their webhooks
- reading: which webhooks and deliveries exist for whom
"""
