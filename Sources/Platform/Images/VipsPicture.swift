internal import CVips

/// libvips, begun once: one thread at work, nothing remembered, and no reader but those of the four formats and of our own drawings.
enum Vips {
    /// Does nothing after the first time.
    static func start() { _ = isReady }

    private static let isReady: Bool = {
        precondition(foyer_vips_init() == 0, "libvips cannot begin: \(takeError())")
        vips_concurrency_set(1)
        vips_cache_set_max(0)
        vips_block_untrusted_set(1)
        vips_operation_block_set("VipsForeignLoad", 1)
        for reader in ["VipsForeignLoadJpeg", "VipsForeignLoadPng", "VipsForeignLoadWebp", "VipsForeignLoadNsgif", "VipsForeignLoadSvg"] {
            vips_operation_block_set(reader, 0)
        }
        return true
    }()

    /// What libvips says of the last failure.
    static func takeError() -> String {
        defer { vips_error_clear() }
        return String(cString: vips_error_buffer())
    }
}

/// An image of libvips, released with its owner. What it was read from must outlive it.
struct VipsPicture: ~Copyable {
    private let image: OpaquePointer

    private init(_ make: (inout OpaquePointer?) -> Int32) throws(PictureFailure) {
        var made: OpaquePointer?
        guard make(&made) == 0, let made else { throw .damaged(Vips.takeError()) }
        image = made
    }

    /// Reads no more than the head.
    init(head bytes: UnsafeRawBufferPointer, _ format: ImageFormat) throws(PictureFailure) {
        try self.init { image in
            switch format {
            case .jpeg: foyer_vips_jpeg(bytes.baseAddress, bytes.count, &image)
            case .png: foyer_vips_png(bytes.baseAddress, bytes.count, &image)
            case .webp: foyer_vips_webp(bytes.baseAddress, bytes.count, &image)
            case .gif: foyer_vips_gif(bytes.baseAddress, bytes.count, &image)
            }
        }
    }

    /// An SVG picture of this program's own.
    init(ownDrawing bytes: UnsafeRawBufferPointer) throws(PictureFailure) {
        try self.init { foyer_vips_drawing(bytes.baseAddress, bytes.count, &$0) }
    }

    deinit { foyer_vips_release(image) }

    var width: Int { Int(vips_image_get_width(image)) }
    var height: Int { Int(vips_image_get_height(image)) }
    /// 1 to 8, as EXIF says how it is turned to be seen; 1 where it says nothing.
    var orientation: Int { Int(vips_image_get_orientation(image)) }

    func part(_ square: SquareCrop) throws(PictureFailure) -> VipsPicture {
        try VipsPicture { foyer_vips_extract(image, &$0, Int32(square.x), Int32(square.y), Int32(square.size), Int32(square.size)) }
    }

    func thumbnail(_ size: Int) throws(PictureFailure) -> VipsPicture {
        try VipsPicture { foyer_vips_thumbnail(image, &$0, Int32(size)) }
    }

    /// The whole picture, upright, scaled to fit a square of that size.
    func fitted(_ size: Int) throws(PictureFailure) -> VipsPicture {
        try VipsPicture { foyer_vips_fit(image, &$0, Int32(size)) }
    }

    /// With its pixels decoded: here is where damage shows.
    func inMemory() throws(PictureFailure) -> VipsPicture {
        try VipsPicture {
            $0 = vips_image_copy_memory(image)
            return $0 == nil ? -1 : 0
        }
    }

    func png() throws(PictureFailure) -> [UInt8] {
        var bytes: UnsafeMutableRawPointer?
        var count = 0
        guard foyer_vips_save_png(image, &bytes, &count) == 0, let bytes else { throw .damaged(Vips.takeError()) }
        defer { g_free(bytes) }
        return Array(UnsafeRawBufferPointer(start: bytes, count: count))
    }

    /// Without any metadata.
    func webP() throws(PictureFailure) -> [UInt8] {
        var bytes: UnsafeMutableRawPointer?
        var count = 0
        guard foyer_vips_save(image, &bytes, &count, 82) == 0, let bytes else { throw .damaged(Vips.takeError()) }
        defer { g_free(bytes) }
        guard let pixels = WebPChunks.pixelsAlone(Array(UnsafeRawBufferPointer(start: bytes, count: count))) else {
            throw .damaged("libvips wrote no WebP file")
        }
        return pixels
    }
}
