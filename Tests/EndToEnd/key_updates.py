"""Asks a TLS 1.3 server for new keys over and over and reads nothing, until the server ends it: key_updates.py PORT.

OpenSSL by ctypes: Python's own module has no word for it.
"""
import ctypes
import socket
import sys

tls = ctypes.CDLL("libssl.so.3")
tls.TLS_client_method.restype = tls.SSL_CTX_new.restype = tls.SSL_new.restype = ctypes.c_void_p
tls.SSL_CTX_new.argtypes = tls.SSL_new.argtypes = tls.SSL_connect.argtypes = tls.SSL_do_handshake.argtypes = [ctypes.c_void_p]
tls.SSL_set_fd.argtypes = tls.SSL_key_update.argtypes = [ctypes.c_void_p, ctypes.c_int]
requested = 1

connection = socket.socket()
# Small segments and a small window: what the kernels keep between us stays small, too.
connection.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, 4096)
connection.setsockopt(socket.IPPROTO_TCP, socket.TCP_MAXSEG, 536)
connection.connect(("127.0.0.1", int(sys.argv[1])))
session = tls.SSL_new(tls.SSL_CTX_new(tls.TLS_client_method()))
tls.SSL_set_fd(session, connection.fileno())
if tls.SSL_connect(session) != 1:
    sys.exit("no handshake")
for count in range(1_000_000):
    if tls.SSL_key_update(session, requested) != 1 or tls.SSL_do_handshake(session) != 1:
        print(f"closed after {count}")
        break
else:
    print("never closed")
