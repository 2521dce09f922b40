/// A square of a picture, in pixels as a person sees it, that is upright.
public struct SquareCrop: Sendable, Hashable {
    public let x: Int
    public let y: Int
    public let size: Int

    public init(x: Int, y: Int, size: Int) { (self.x, self.y, self.size) = (x, y, size) }

    /// The middle of a picture of that size.
    static func middle(width: Int, height: Int) -> SquareCrop {
        let size = min(width, height)
        return SquareCrop(x: (width - size) / 2, y: (height - size) / 2, size: size)
    }

    func lies(within width: Int, _ height: Int) -> Bool {
        size >= 1 && x >= 0 && y >= 0 && x <= width - size && y <= height - size
    }

    /// The same square of the picture as it is stored, `width` by `height`: EXIF's orientation says how it is turned to be seen.
    func stored(width: Int, height: Int, orientation: Int) -> SquareCrop {
        let (right, bottom) = (width - size, height - size)
        return switch orientation {
        case 2: SquareCrop(x: right - x, y: y, size: size)
        case 3: SquareCrop(x: right - x, y: bottom - y, size: size)
        case 4: SquareCrop(x: x, y: bottom - y, size: size)
        case 5: SquareCrop(x: y, y: x, size: size)
        case 6: SquareCrop(x: y, y: bottom - x, size: size)
        case 7: SquareCrop(x: right - y, y: bottom - x, size: size)
        case 8: SquareCrop(x: right - y, y: x, size: size)
        default: self
        }
    }
}
