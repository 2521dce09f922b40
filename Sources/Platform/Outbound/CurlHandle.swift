internal import CCurl
internal import Kernel
internal import Synchronization

/// One transfer of libcurl's, with the strings and lists that it borrows. It blocks: to be used on a thread that may.
struct CurlHandle: ~Copyable {
    private let handle: UnsafeMutableRawPointer
    private let message: UnsafeMutablePointer<CChar>
    private var lists: [UnsafeMutablePointer<curl_slist>] = []

    init() {
        guard Curl.ready, let handle = curl_easy_init() else { preconditionFailure("libcurl has no memory") }
        self.handle = handle
        message = .allocate(capacity: Int(CURL_ERROR_SIZE))
        message.initialize(repeating: 0, count: Int(CURL_ERROR_SIZE))
        precondition(foyer_curl_set_pointer(handle, CURLOPT_ERRORBUFFER, message) == CURLE_OK, "libcurl takes no buffer for its errors")
    }

    deinit {
        curl_easy_cleanup(handle)
        for list in lists { curl_slist_free_all(list) }
        message.deallocate()
    }

    /// libcurl copies the text.
    func set(_ option: CURLoption, _ text: String) throws(DeliveryFailure) { try check(foyer_curl_set_text(handle, option, text)) }

    func set(_ option: CURLoption, _ number: Int) throws(DeliveryFailure) { try check(foyer_curl_set_long(handle, option, number)) }

    mutating func set(_ option: CURLoption, list text: String) throws(DeliveryFailure) {
        guard let list = curl_slist_append(nil, text) else { throw DeliveryFailure("libcurl has no memory", .ours) }
        lists.append(list)
        try check(foyer_curl_set_pointer(handle, option, list))
    }

    mutating func set(_ option: CURLoption, lines: [String]) throws(DeliveryFailure) {
        var list: UnsafeMutablePointer<curl_slist>?
        for line in lines {
            guard let longer = curl_slist_append(list, line) else {
                curl_slist_free_all(list)
                throw DeliveryFailure("libcurl has no memory", .ours)
            }
            list = longer
        }
        guard let list else { return }
        lists.append(list)
        try check(foyer_curl_set_pointer(handle, option, list))
    }

    /// Sends a request of HTTP through a gate that opens its sockets, and collects the response.
    ///
    /// - Returns: libcurl's verdict, and the status of the response, 0 for none.
    func exchange(
        _ method: String, _ body: [UInt8], through gate: AddressGate, into response: ResponseCollector, until stop: StopSign
    ) throws(DeliveryFailure) -> (verdict: CURLcode, status: Int) {
        switch method {
        case "GET": try set(CURLOPT_HTTPGET, 1)
        case "HEAD": try set(CURLOPT_NOBODY, 1)
        default:
            try set(CURLOPT_POST, 1)
            try set(CURLOPT_CUSTOMREQUEST, method)
            try set(CURLOPT_POSTFIELDSIZE, body.count)
            try check(foyer_curl_set_copy(handle, body))
        }
        try check(foyer_curl_set_opener(handle, AddressGate.open, Unmanaged.passUnretained(gate).toOpaque()))
        try check(foyer_curl_set_watcher(handle, StopSign.watch, Unmanaged.passUnretained(stop).toOpaque()))
        let collector = Unmanaged.passUnretained(response).toOpaque()
        try check(foyer_curl_set_writer(handle, ResponseCollector.takeBody, collector))
        try check(foyer_curl_set_hearer(handle, ResponseCollector.takeHeader, collector))
        try set(CURLOPT_NOPROGRESS, 0)
        let verdict = withExtendedLifetime((gate, response, stop)) { curl_easy_perform(handle) }
        return (verdict, foyer_curl_answer(handle))
    }

    /// Sends the bytes and waits for the end.
    ///
    /// - Returns: libcurl's verdict, the last code that the server answered, 0 for none, and the line of that answer.
    func upload(_ bytes: [UInt8], until stop: StopSign) throws(DeliveryFailure) -> (verdict: CURLcode, answer: Int, line: String) {
        var rest = Upload(bytes: bytes)
        let heard = ServerWords()
        return try withUnsafeMutablePointer(to: &rest) { rest throws(DeliveryFailure) in
            try check(foyer_curl_set_reader(handle, Upload.read, rest))
            try check(foyer_curl_set_watcher(handle, StopSign.watch, Unmanaged.passUnretained(stop).toOpaque()))
            try check(foyer_curl_set_hearer(handle, ServerWords.hear, Unmanaged.passUnretained(heard).toOpaque()))
            try set(CURLOPT_NOPROGRESS, 0)
            try set(CURLOPT_UPLOAD, 1)
            let verdict = withExtendedLifetime((stop, heard)) { curl_easy_perform(handle) }
            return (verdict, foyer_curl_answer(handle), heard.line)
        }
    }

    /// What libcurl says of the last failure; hosts and codes, never credentials.
    func explanation(of verdict: CURLcode) -> String {
        let text = String(cString: message)
        return text.isEmpty ? String(cString: curl_easy_strerror(verdict)) : text
    }

    private func check(_ code: CURLcode) throws(DeliveryFailure) {
        guard code == CURLE_OK else {
            throw DeliveryFailure("libcurl refuses an option: \(String(cString: curl_easy_strerror(code)))", .ours)
        }
    }
}

/// What is still to be handed to libcurl.
private struct Upload {
    let bytes: [UInt8]
    var offset = 0

    /// The callback of `CURLOPT_READFUNCTION`: fills the buffer, 0 at the end.
    static let read: @convention(c) (UnsafeMutablePointer<CChar>?, Int, Int, UnsafeMutableRawPointer?) -> Int = {
        buffer, size, count, context in
        guard let buffer, let rest = context?.assumingMemoryBound(to: Upload.self) else { return Int(CURL_READFUNC_ABORT) }
        let length = min(size * count, rest.pointee.bytes.count - rest.pointee.offset)
        rest.pointee.bytes.withUnsafeBytes { bytes in
            guard length > 0, let start = bytes.baseAddress else { return }
            UnsafeMutableRawPointer(buffer).copyMemory(from: start + rest.pointee.offset, byteCount: length)
        }
        rest.pointee.offset += length
        return length
    }
}

/// The last line by which the mail server refused something, for the log: 300 bytes at most, in printable ASCII, without e-mail addresses, which are stored nowhere in clear.
final class ServerWords {
    private(set) var line = ""

    /// The callback of `CURLOPT_HEADERFUNCTION`, which libcurl calls with each line of the server's.
    static let hear: @convention(c) (UnsafeMutablePointer<CChar>?, Int, Int, UnsafeMutableRawPointer?) -> Int = {
        buffer, size, count, context in
        guard let buffer, let context else { return size * count }
        let bytes = UnsafeRawBufferPointer(start: buffer, count: size * count)
        let shown = bytes.prefix(300).filter { $0 != 0x0D && $0 != 0x0A }.map { (0x20..<0x7F).contains($0) ? $0 : UInt8(ascii: "?") }
        // What follows a refusal, such as the answer to QUIT, says nothing of it.
        guard let first = shown.first, first == UInt8(ascii: "4") || first == UInt8(ascii: "5") else { return size * count }
        let words = shown.split(separator: UInt8(ascii: " ")).map { word in
            word.contains(UInt8(ascii: "@")) ? "(address)" : String(own: word)
        }
        Unmanaged<ServerWords>.fromOpaque(context).takeUnretainedValue().line = words.joined(separator: " ")
        return size * count
    }
}

/// Ends a transfer under way from another thread, within about a second.
final class StopSign: Sendable {
    private let isUp = Atomic<Bool>(false)

    func raise() { isUp.store(true, ordering: .relaxed) }

    /// The callback of `CURLOPT_XFERINFOFUNCTION`: anything but 0 ends the transfer.
    static let watch: @convention(c) (UnsafeMutableRawPointer?, curl_off_t, curl_off_t, curl_off_t, curl_off_t) -> Int32 = {
        context, _, _, _, _ in
        guard let context else { return 0 }
        return Unmanaged<StopSign>.fromOpaque(context).takeUnretainedValue().isUp.load(ordering: .relaxed) ? 1 : 0
    }
}
