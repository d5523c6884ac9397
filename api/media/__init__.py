"""Pictures: what is kept of them, the sizes in which they are served, and the way in for those that strangers made.

models, reading            the table, and what is asked of it
words, editing             what is said of a picture, and how that is changed
formats, sizes             what a file is by its content; which widths and names its renditions have (both pure)
renditions, decoding       the making of the sizes; the child process that opens an uploaded file and makes them
limits, workshop           how much a child may use; who starts it, and ends it
incoming, intake           where an upload lies while it is in hand; from its bytes to a row
usage, sweeping            who shows a picture; removing what nobody shows
"""
