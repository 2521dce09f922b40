internal import CCurl
internal import Kernel
internal import Runtime

/// Hands mails to the mail server, one connection each, on a thread of its own behind a bounded queue.
public final class SMTPClient: Sendable {
    /// Seconds for the connection, and for the whole mail.
    public static let (connectTimeout, timeout) = (10, 45)

    private let server: MailServer
    private let thread = BlockingThread(named: "mail", limit: 64)

    public init(server: MailServer) { self.server = server }

    /// Returns when the server has taken the mail on itself.
    ///
    /// A cancelled task stops within about a second; what the server took just before is then not known here.
    /// - Throws: `DeliveryFailure`, or `QueueRefusal` when too many wait.
    public func send(_ message: MailMessage) async throws {
        let stop = StopSign()
        try await withTaskCancellationHandler {
            try await thread.run { [server] in try Self.deliver(message, to: server, until: stop) }
        } onCancel: {
            stop.raise()
        }
    }

    private static func deliver(_ message: MailMessage, to server: MailServer, until stop: StopSign) throws(DeliveryFailure) {
        var handle = CurlHandle()
        try handle.set(CURLOPT_URL, server.address(greeting: message.from.domain))
        try handle.set(CURLOPT_PROTOCOLS_STR, "smtp,smtps")
        // Not what the environment says for the web.
        try handle.set(CURLOPT_PROXY, "")
        try handle.set(CURLOPT_NOSIGNAL, 1)
        try handle.set(CURLOPT_CONNECTTIMEOUT, connectTimeout)
        try handle.set(CURLOPT_TIMEOUT, timeout)
        try handle.set(CURLOPT_USE_SSL, Int(server.encryption == .none ? CURLUSESSL_NONE.rawValue : CURLUSESSL_ALL.rawValue))
        try handle.set(CURLOPT_SSLVERSION, Int(CURL_SSLVERSION_TLSv1_2))
        try handle.set(CURLOPT_SSL_VERIFYPEER, 1)
        try handle.set(CURLOPT_SSL_VERIFYHOST, 2)
        if let authority = server.authority { try handle.set(CURLOPT_CAINFO, authority) }
        if let (user, password) = server.credentials {
            try handle.set(CURLOPT_USERNAME, user)
            try handle.set(CURLOPT_PASSWORD, password)
        }
        try handle.set(CURLOPT_MAIL_FROM, "<\(message.from.text)>")
        try handle.set(CURLOPT_MAIL_RCPT, list: "<\(message.to.text)>")
        let (verdict, answer, line) = try handle.upload(message.bytes, until: stop)
        guard verdict != CURLE_OK else { return }
        // The code alone does not say why: a server's line does.
        let said = line.hasPrefix("\(answer)") ? line : "\(answer)"
        throw DeliveryFailure(
            "\(handle.explanation(of: verdict))\(answer == 0 ? "" : " (the server said \(said))")", kind(verdict, answer))
    }

    /// RFC 5321 §4.2.1: 5yz is for good, but only about the mailbox; about us and our rights it is the owner's to mend.
    private static func kind(_ verdict: CURLcode, _ answer: Int) -> DeliveryFailure.Kind {
        switch verdict {
        case CURLE_ABORTED_BY_CALLBACK, CURLE_OUT_OF_MEMORY: return .ours
        case CURLE_COULDNT_RESOLVE_HOST, CURLE_COULDNT_CONNECT, CURLE_OPERATION_TIMEDOUT, CURLE_SSL_CONNECT_ERROR,
            CURLE_PEER_FAILED_VERIFICATION, CURLE_SSL_CACERT_BADFILE, CURLE_USE_SSL_FAILED, CURLE_LOGIN_DENIED:
            return .unreachable
        default: return [501, 550, 551, 552, 553, 555].contains(answer) ? .refusedForGood : .refusedForNow
        }
    }
}
