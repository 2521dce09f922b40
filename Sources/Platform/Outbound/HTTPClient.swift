internal import CCurl
internal import Glibc
public import HTTP
internal import Kernel
public import Runtime
internal import Synchronization

/// Sends HTTP requests to other servers, on threads of its own behind a bounded queue.
///
/// An address that is not admitted is refused when the socket is opened, whatever name led to it. Redirects are returned, not followed, and no proxy
/// of the environment is used.
public final class HTTPClient: Sendable {
    public struct Request: Sendable {
        public var method: String
        public var url: String
        public var headers: HTTPHeaders
        public var body: [UInt8]
        /// The most bytes of the response's body.
        public var responseLimit: Int
        /// Whether a longer body is cut at the limit, instead of being a failure.
        public var cutsResponse = false
        /// Seconds for the whole exchange; the connection may take half of them.
        public var timeout: Int

        public init(
            _ method: String, _ url: String, headers: HTTPHeaders = [:], body: [UInt8] = [], responseLimit: Int = 1 << 20, timeout: Int = 20
        ) {
            (self.method, self.url, self.headers, self.body) = (method, url, headers, body)
            (self.responseLimit, self.timeout) = (responseLimit, timeout)
        }
    }

    public struct Response: Sendable {
        public let status: Int
        public let headers: HTTPHeaders
        public let body: [UInt8]

        public var isSuccess: Bool { (200..<300).contains(status) }
    }

    /// What is wrong with an address before anything is sent.
    public enum AddressFault: Error, Sendable, Hashable {
        /// Not `http://` or `https://`, or with a name and a password.
        case malformed
        /// It leads to an address that is not admitted, such as one of a private network.
        case refused
    }

    /// Made by the first request: a site that sends none has no threads for it.
    private let running = Mutex<FairWorkers?>(nil)
    private let (threads, limit): (Int, Int)
    private let admits: @Sendable (String) -> Bool

    /// - Parameters:
    ///   - threads: how many requests run at once.
    ///   - limit: how many may wait.
    ///   - admits: whether an IP address, as text, may be called.
    public init(threads: Int = 8, limit: Int = 256, admits: @escaping @Sendable (String) -> Bool) {
        (self.threads, self.limit, self.admits) = (threads, limit, admits)
    }

    private var workers: FairWorkers {
        running.withLock { running in
            if let running { return running }
            let workers = FairWorkers(named: "http-client", threads: threads, limit: limit)
            running = workers
            return workers
        }
    }

    /// Resolves the host of an address, and checks what it leads to. A name that cannot be resolved now passes, since it may be resolved later.
    ///
    /// - Throws: `AddressFault`, or `QueueRefusal` when too many wait.
    public func check(_ url: String, for origin: WorkOrigin = .server) async throws {
        guard let host = Self.host(of: url) else { throw AddressFault.malformed }
        let isRefused = try await workers.run(for: origin) { [admits] in Self.addresses(of: host).contains { !admits($0) } }
        if isRefused { throw AddressFault.refused }
    }

    /// Sends a request and returns the response, whatever its status.
    ///
    /// - Throws: `DeliveryFailure`, or `QueueRefusal` when too many wait.
    public func send(_ request: Request, for origin: WorkOrigin = .server) async throws -> Response {
        let stop = StopSign()
        return try await withTaskCancellationHandler {
            try await workers.run(for: origin) { [admits] in try Self.send(request, admits, stop) }
        } onCancel: {
            stop.raise()
        }
    }

    private static func send(
        _ request: Request, _ admits: @escaping @Sendable (String) -> Bool, _ stop: StopSign
    ) throws(DeliveryFailure) -> Response {
        guard host(of: request.url) != nil else { throw DeliveryFailure("the address is malformed", .refusedForGood) }
        var handle = CurlHandle()
        try handle.set(CURLOPT_URL, request.url)
        try handle.set(CURLOPT_PROTOCOLS_STR, "http,https")
        try handle.set(CURLOPT_PROXY, "")
        try handle.set(CURLOPT_NOSIGNAL, 1)
        try handle.set(CURLOPT_FOLLOWLOCATION, 0)
        try handle.set(CURLOPT_CONNECTTIMEOUT, max(1, request.timeout / 2))
        try handle.set(CURLOPT_TIMEOUT, request.timeout)
        try handle.set(CURLOPT_SSLVERSION, Int(CURL_SSLVERSION_TLSv1_2))
        try handle.set(CURLOPT_SSL_VERIFYPEER, 1)
        try handle.set(CURLOPT_SSL_VERIFYHOST, 2)
        try handle.set(CURLOPT_HTTPHEADER, lines: request.headers.map { "\($0.name): \($0.value)" } + ["Expect:"])
        let (gate, collector) = (AddressGate(admits), ResponseCollector(limit: request.responseLimit))
        let (verdict, status) = try handle.exchange(request.method, request.body, through: gate, into: collector, until: stop)
        if gate.hasRefused { throw DeliveryFailure("the address leads to a network that may not be called", .refusedForGood) }
        if collector.isTooLarge, request.cutsResponse, status != 0 {
            return Response(status: status, headers: collector.headers, body: collector.body)
        }
        if collector.isTooLarge {
            throw DeliveryFailure("the response has more than \(request.responseLimit) bytes", .refusedForNow, .tooLarge)
        }
        guard verdict == CURLE_OK else {
            throw DeliveryFailure(
                handle.explanation(of: verdict), verdict == CURLE_ABORTED_BY_CALLBACK ? .ours : .unreachable, fault(verdict))
        }
        return Response(status: status, headers: collector.headers, body: collector.body)
    }

    private static func fault(_ verdict: CURLcode) -> DeliveryFailure.ResponseFault? {
        switch verdict {
        case CURLE_OPERATION_TIMEDOUT: .tooSlow
        case CURLE_PARTIAL_FILE, CURLE_RECV_ERROR, CURLE_GOT_NOTHING: .cut
        default: nil
        }
    }

    /// The host of an address that requests may be sent to.
    public static func host(of url: String) -> String? {
        guard url.utf8.count <= 2000, url.utf8.allSatisfy({ (0x21...0x7E).contains($0) && $0 != 0x5C }) else { return nil }
        for scheme in ["https://", "http://"] where url.hasPrefix(scheme) {
            let authority = url.dropFirst(scheme.count).prefix { $0 != "/" && $0 != "?" && $0 != "#" }
            guard !authority.isEmpty, !authority.contains("@") else { return nil }
            if authority.hasPrefix("[") {
                return authority.firstIndex(of: "]").map { String(authority[authority.index(after: authority.startIndex)..<$0]) }
            }
            let host = String(authority.prefix { $0 != ":" })
            return host.isEmpty ? nil : host
        }
        return nil
    }

    private static func addresses(of host: String) -> [String] {
        var hints = addrinfo()
        hints.ai_socktype = Int32(SOCK_STREAM.rawValue)
        var list: UnsafeMutablePointer<addrinfo>?
        guard getaddrinfo(host, nil, &hints, &list) == 0 else { return [] }
        defer { freeaddrinfo(list) }
        var (found, entry): ([String], UnsafeMutablePointer<addrinfo>?) = ([], list)
        while let current = entry {
            if let address = current.pointee.ai_addr, let text = AddressGate.text(address, current.pointee.ai_addrlen) {
                found.append(text)
            }
            entry = current.pointee.ai_next
        }
        return found
    }
}
