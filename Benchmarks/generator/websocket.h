// A WebSocket of the generator's: plain or over TLS, whole text frames to whoever owns it.
#pragma once
#include <openssl/ssl.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

typedef struct {
    int socket;
    SSL *tls;  // NULL: plain
    bool has_upgraded;
    int refusal;         // the HTTP status or the close code with which the server ended it; 0: none
    int retry_after;     // seconds, as a refusal says; 0: nothing said
    uint8_t *kept;       // the beginning of what has not arrived whole
    size_t kept_count;
} WebSocket;

typedef void (*OnText)(void *owner, const uint8_t *payload, size_t count);

/// What `websocket_read` found out.
typedef enum { still_waiting, just_upgraded, some_frames, lost } Reading;

/// Connects, shakes hands when `over_tls`, and asks for the upgrade. - Parameter protocol: of Sec-WebSocket-Protocol, or NULL.
void websocket_open(WebSocket *web, int port, const char *path, const char *protocol, bool over_tls);
/// Reads once what there is and gives each whole text frame to `on_text`; answers pings.
Reading websocket_read(WebSocket *web, OnText on_text, void *owner);
/// A masked text frame; the mask is zero, which costs the receiver the same.
void websocket_send(WebSocket *web, const char *text, size_t count);
/// Ends without a word, by a reset: neither side keeps the port for a minute.
void websocket_drop(WebSocket *web);
