internal import CVips
public import Runtime

/// Why a picture was not made of some bytes.
public enum PictureFailure: Error, Sendable, Hashable {
    /// None of the formats that are read.
    case unknownFormat
    /// Wider, higher or of more pixels than is decoded.
    case tooManyPixels(width: Int, height: Int)
    /// The square does not lie within the picture, which has this size when it is upright.
    case cropOutside(width: Int, height: Int)
    /// Cut or damaged; the text is for the log.
    case damaged(String)
}

/// A preview of a whole picture, with the size of the original in pixels, upright.
public struct PicturePreview: Sendable {
    public let webP: [UInt8]
    public let width: Int
    public let height: Int
}

/// Makes small pictures of untrusted ones: on one thread, one at a time, behind a bounded queue.
///
/// What decoding may cost is bounded by the pixels, which are read from the head before anything is decoded: at most about 260 MB for a
/// moment (a progressive JPEG or an interlaced PNG of 16 bits a channel), a few megabytes for most.
public final class PictureMaker: Sendable {
    public struct Limits: Sendable {
        /// Of width by height.
        public var pixels = 32_000_000
        /// Of each side.
        public var side = 16_384
        /// Of a JPEG picture; each costs as much as all its pixels, however few bytes it has.
        public var scans = 200

        public init() {}
    }

    private let workers: FairWorkers
    private let limits: Limits

    /// - Parameter depth: how many may wait; the next one is refused.
    public init(depth: Int = 8, limits: Limits = Limits()) {
        self.limits = limits
        workers = FairWorkers(named: "images", limit: depth)
    }

    /// Squares of these sizes in pixels, in WebP, upright, in sRGB and without any metadata; of an animation its first frame.
    ///
    /// - Parameters:
    ///   - crop: the middle when nil.
    ///   - origin: who is served by turns with others.
    /// - Throws: `PictureFailure`, or `QueueRefusal` when too many wait.
    public func squares(of bytes: [UInt8], sizes: [Int], crop: SquareCrop? = nil, for origin: WorkOrigin = .server) async throws
        -> [[UInt8]]
    {
        try await workers.run(for: origin) { [limits] in
            Vips.start()
            let format = ImageFormat(bytes)
            let picture = format == .png ? PNGChunks.pictureAlone(bytes) : bytes
            return try picture.withUnsafeBytes { try Self.squares(of: $0, format: format, sizes, crop, limits) }
        }
    }

    /// A preview of the whole picture, at most `side` pixels wide and high.
    ///
    /// - Throws: `PictureFailure`, or `QueueRefusal` when too many wait.
    public func preview(of bytes: [UInt8], side: Int, for origin: WorkOrigin = .server) async throws -> PicturePreview {
        try await workers.run(for: origin) { [limits] in
            Vips.start()
            let format = ImageFormat(bytes)
            let picture = format == .png ? PNGChunks.pictureAlone(bytes) : bytes
            return try picture.withUnsafeBytes { bytes throws(PictureFailure) in
                let source = try Self.open(bytes, format, limits)
                let isTurned = source.orientation >= 5
                let (width, height) = (source.width, source.height)
                let small = try source.fitted(side).inMemory().webP()
                return PicturePreview(webP: small, width: isTurned ? height : width, height: isTurned ? width : height)
            }
        }
    }

    /// An SVG picture that this program drew, as PNG. Never for strangers' bytes.
    ///
    /// - Throws: `PictureFailure`, or `QueueRefusal` when too many wait.
    public func png(ofOwnDrawing svg: [UInt8], for origin: WorkOrigin = .server) async throws -> [UInt8] {
        try await workers.run(for: origin) {
            Vips.start()
            return try svg.withUnsafeBytes { bytes throws(PictureFailure) in try VipsPicture(ownDrawing: bytes).png() }
        }
    }

    /// Reads the head of a picture, and refuses one that costs too much to decode.
    private static func open(_ bytes: UnsafeRawBufferPointer, _ format: ImageFormat?, _ limits: Limits) throws(PictureFailure)
        -> VipsPicture
    {
        guard let format else { throw .unknownFormat }
        if format == .jpeg, JPEGScans.mayExceed(limits.scans, in: bytes) { throw .damaged("more scans than any camera writes") }
        let source = try VipsPicture(head: bytes, format)
        let (width, height) = (source.width, source.height)
        guard width <= limits.side, height <= limits.side, width * height <= limits.pixels else {
            throw .tooManyPixels(width: width, height: height)
        }
        return source
    }

    private static func squares(
        of bytes: UnsafeRawBufferPointer, format: ImageFormat?, _ sizes: [Int], _ crop: SquareCrop?, _ limits: Limits
    ) throws(PictureFailure) -> [[UInt8]] {
        let source = try open(bytes, format, limits)
        let (width, height) = (source.width, source.height)
        let isTurned = source.orientation >= 5
        let (seenWidth, seenHeight) = isTurned ? (height, width) : (width, height)
        let square = crop ?? .middle(width: seenWidth, height: seenHeight)
        guard square.lies(within: seenWidth, seenHeight) else { throw .cropOutside(width: seenWidth, height: seenHeight) }
        // Cut as it is stored, so that rows are read once and from the top; what is turned is small already.
        let part = try source.part(square.stored(width: width, height: height, orientation: source.orientation))
        let largest = try part.thumbnail(sizes.max() ?? 1).inMemory()
        var squares: [[UInt8]] = []
        for size in sizes { squares.append(try largest.thumbnail(size).webP()) }
        return squares
    }
}
