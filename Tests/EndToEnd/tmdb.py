"""A server that answers as TMDB's documentation says: lists, films and pictures; slow, refusing or wrong on demand."""
import contextlib
import json
import struct
import threading
import time
import urllib.parse
import zlib
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

KEY = "0123456789abcdef0123456789abcdef"


def picture(width: int = 60, height: int = 90) -> bytes:
    """A grey PNG."""
    def chunk(name: bytes, data: bytes) -> bytes:
        return struct.pack(">I", len(data)) + name + data + struct.pack(">I", zlib.crc32(name + data))

    rows = b"".join(b"\0" + b"\x60\x70\x80" * width for _ in range(height))
    head = struct.pack(">IIBBBBB", width, height, 8, 2, 0, 0, 0)
    return b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", head) + chunk(b"IDAT", zlib.compress(rows)) + chunk(b"IEND", b"")


PICTURE = picture()


class TMDB:
    """`with TMDB() as tmdb:`; `films` is how many there are, `delay` how long an answer takes, `status` what all of them are answered with."""

    def __init__(self, films: int = 60):
        self.films, self.delay, self.status, self.requests = films, 0.0, 200, []
        peer = self

        class Handler(BaseHTTPRequestHandler):
            protocol_version = "HTTP/1.1"

            def do_GET(self):
                peer.answer(self)

            def log_message(self, *_):
                pass

        self.server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        self.server.daemon_threads = True
        self.url = f"http://127.0.0.1:{self.server.server_port}"

    def __enter__(self) -> "TMDB":
        threading.Thread(target=self.server.serve_forever, daemon=True).start()
        return self

    def __exit__(self, *_) -> None:
        self.server.shutdown()
        self.server.server_close()

    @property
    def settings(self) -> dict:
        return {"tmdb_url": f"{self.url}/3", "tmdb_images_url": f"{self.url}/t/p"}

    def answer(self, handler: BaseHTTPRequestHandler) -> None:
        self.requests.append(handler.path)
        time.sleep(self.delay)
        address = urllib.parse.urlparse(handler.path)
        query = dict(urllib.parse.parse_qsl(address.query))
        if address.path.startswith("/t/p/"):
            return self.send(handler, 200, PICTURE, "image/png")
        if query.get("api_key") != KEY:
            return self.send(handler, 401, json.dumps({"status_code": 7, "success": False}).encode())
        if self.status != 200:
            return self.send(handler, self.status, b"{}")
        kind, name = (address.path.split("/")[2:] + ["", ""])[:2]
        if name in ("popular", "top_rated", "upcoming", "on_the_air", "changes"):
            page = int(query.get("page", "1"))
            ids = range(1, self.films + 1) if kind == "movie" else []
            body = {"page": page, "results": [{"id": each} for each in ids[20 * (page - 1):20 * page]], "total_pages": -(-len(ids) // 20)}
            return self.send(handler, 200, json.dumps(body).encode())
        if kind != "movie" or not 1 <= int(name) <= self.films:
            return self.send(handler, 404, b"{}")
        self.send(handler, 200, json.dumps(self.film(int(name))).encode())

    @staticmethod
    def film(number: int) -> dict:
        return {
            "id": number, "title": f"Imported film {number}", "original_title": f"Film importé {number}", "original_language": "fr",
            "overview": f"What happens in film {number}.", "release_date": f"{1950 + number % 70}-06-15", "runtime": 100, "adult": False,
            "popularity": 1000 - number, "poster_path": f"/poster{number}.png", "backdrop_path": None, "genres": [{"id": 18, "name": "Drama"}],
            "credits": {"cast": [{"id": 1, "name": "Anna One", "character": "Herself"}], "crew": [{"id": 2, "name": "A Maker", "job": "Director"}]},
            "external_ids": {"imdb_id": f"tt9{number:06}"},
            "translations": {"translations": [{"iso_639_1": "fr", "iso_3166_1": "FR", "data": {"title": f"Film importé {number}", "overview": "Ce qui s’y passe."}}]},
            "watch/providers": {"results": {"FR": {"flatrate": [{"provider_name": "Un service"}]}, "US": {"flatrate": [{"provider_name": "A service"}]}}},
        }

    @staticmethod
    def send(handler: BaseHTTPRequestHandler, status: int, body: bytes, media: str = "application/json") -> None:
        with contextlib.suppress(OSError):
            handler.send_response(status)
            handler.send_header("Content-Type", media)
            handler.send_header("Content-Length", str(len(body)))
            handler.end_headers()
            handler.wfile.write(body)
