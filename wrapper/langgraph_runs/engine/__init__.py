"""An HTTP/1.1 engine behind httpx's public transport interface: what its async and sync variants share.

This folder holds a sans-I/O parser of responses, the encoding of requests, and the only two classes that touch a
socket. The connections and the pool are in `_async/engine/`. Nothing here imports the rest of the package. If httptools
is not installed, httpx's own transports send everything, which costs more.
"""
