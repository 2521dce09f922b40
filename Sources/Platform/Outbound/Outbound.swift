// Owns what this process asks of other servers: today, handing mail to one. Refuses what the mail says, when it is sent again, and whom it concerns.
internal import CCurl

/// libcurl's own start: once in a process, before any handle.
enum Curl {
    static let ready: Bool = {
        precondition(curl_global_init(Int(CURL_GLOBAL_DEFAULT)) == CURLE_OK, "libcurl does not start")
        return true
    }()
}
