"""HTTP/1.1 behind httpx's public transport interface: what the async and the sync transport share.

A sans-I/O parser, what is sent for a request, and the one pair of classes that touches a socket. What waits is in
`_async/engine/`. Nothing here knows anything else of the package, and nothing needs it: without it, httpx's own
transports serve everything, at a higher cost.
"""
