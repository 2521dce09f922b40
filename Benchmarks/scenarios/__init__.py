"""What `Benchmarks/run` measures: by name, a function from the options to the section of the page."""
from .broadcast import broadcast
from .chat import chat
from .coalescing import coalescing
from .ejabberd import ejabberd
from .echo import echo
from .fairness import fairness
from .growth import growth
from .http import http
from .interest import interest
from .interface import interface
from .memory import memory
from .nodes import two_nodes
from .pages import pages
from .questions import questions
from .requests import requests
from .status import status
from .storm import storm
from .tls import tls
from .writes import writes, writes_postgres

known = {
    "broadcast": broadcast, "ejabberd": ejabberd, "coalescing": coalescing, "memory": memory, "status": status, "storm": storm, "interest": interest,
    "growth": growth, "two-nodes": two_nodes, "requests": requests, "http": http, "echo": echo, "tls": tls, "fairness": fairness, "writes": writes,
    "writes-postgres": writes_postgres, "questions": questions, "chat": chat, "interface": interface, "pages": pages,
}
