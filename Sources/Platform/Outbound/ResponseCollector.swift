internal import HTTP
internal import Kernel

/// Keeps the headers and the body of a response, up to a limit each.
final class ResponseCollector {
    private static let headerLimit = 64 << 10

    private let limit: Int
    private var headerBytes = 0
    private(set) var headers = HTTPHeaders()
    private(set) var body: [UInt8] = []
    private(set) var isTooLarge = false

    init(limit: Int) { self.limit = limit }

    private func takeBody(_ bytes: UnsafeRawBufferPointer) -> Bool {
        guard body.count + bytes.count <= limit else {
            isTooLarge = true
            body.append(contentsOf: bytes.prefix(limit - body.count))
            return false
        }
        body.append(contentsOf: bytes)
        return true
    }

    private func takeHeader(_ bytes: UnsafeRawBufferPointer) -> Bool {
        headerBytes += bytes.count
        guard headerBytes <= Self.headerLimit else {
            isTooLarge = true
            return false
        }
        let line = bytes.filter { $0 != 0x0D && $0 != 0x0A }
        // A status line: of an interim response, or of the last one.
        if line.starts(with: "HTTP/".utf8) { headers = HTTPHeaders() }
        guard let colon = line.firstIndex(of: UInt8(ascii: ":")), colon > 0 else { return true }
        headers.append(ofPeer: String(own: line[..<colon]), String(own: line[(colon + 1)...]))
        return true
    }

    /// The callback of `CURLOPT_WRITEFUNCTION`; another count than that of the bytes ends the transfer.
    static let takeBody: @convention(c) (UnsafeMutablePointer<CChar>?, Int, Int, UnsafeMutableRawPointer?) -> Int = {
        buffer, size, count, context in
        guard let buffer, let context else { return 0 }
        let collector = Unmanaged<ResponseCollector>.fromOpaque(context).takeUnretainedValue()
        return collector.takeBody(UnsafeRawBufferPointer(start: buffer, count: size * count)) ? size * count : 0
    }

    /// The callback of `CURLOPT_HEADERFUNCTION`, which libcurl calls with each line.
    static let takeHeader: @convention(c) (UnsafeMutablePointer<CChar>?, Int, Int, UnsafeMutableRawPointer?) -> Int = {
        buffer, size, count, context in
        guard let buffer, let context else { return 0 }
        let collector = Unmanaged<ResponseCollector>.fromOpaque(context).takeUnretainedValue()
        return collector.takeHeader(UnsafeRawBufferPointer(start: buffer, count: size * count)) ? size * count : 0
    }
}
