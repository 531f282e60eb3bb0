"""HTTP/1.1 behind httpx's public transport interface: what the async and the sync transport share.

A sans-I/O parser, what is sent for a request, and the one pair of classes that touches a socket. Connections and the
pool are in `_async/engine/`. Nothing here imports anything else of the package. Without httptools,
httpx's own transports send everything, at a higher cost.
"""
