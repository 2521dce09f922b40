// Owns requests of this process to other servers: mail by SMTP, and HTTP. Refuses to know their contents, their retries and whom they concern.
internal import CCurl

/// libcurl's own start: once in a process, before any handle.
enum Curl {
    static let ready: Bool = {
        precondition(curl_global_init(Int(CURL_GLOBAL_DEFAULT)) == CURLE_OK, "libcurl does not start")
        return true
    }()
}
