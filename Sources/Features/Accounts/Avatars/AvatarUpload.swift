internal import Images
internal import Kernel
internal import Web

/// What a request says of a new avatar: the picture, as the body or as the part `file` of a form, and the square that is wanted of it.
struct AvatarUpload: Sendable {
    /// Bytes of a picture.
    static let pictureLimit = 8 << 20
    static let bodyLimit = Call.formLimit(ofFile: pictureLimit)

    /// `?x=&y=&size=`, in pixels of the picture when it is upright; all three, or none for the middle.
    static func crop(_ call: Call) throws(Problem) -> SquareCrop? {
        var query = try call.query
        let given = ["x", "y", "size"].map { (name: $0, value: query.integer($0, $0 == "size" ? 1...100_000 : 0...100_000)) }
        if given.contains(where: { $0.value != nil }) {
            for (name, value) in given where value == nil && !query.faults.contains(where: { $0.pointer == "?\(name)" }) {
                query.fail(
                    name, "required",
                    LocalizedText(en: "x, y and size belong together.", fr: "x, y et size vont ensemble."))
            }
        }
        try query.finish()
        guard let x = given[0].value, let y = given[1].value, let size = given[2].value else { return nil }
        return SquareCrop(x: x, y: y, size: size)
    }

    /// The bytes of the picture, whatever they are.
    ///
    /// - Throws: 415 when the body is said to be neither a picture nor a form, 413, 400, and 422 on other parts.
    static func picture(_ call: Call) async throws -> [UInt8] {
        switch call.mediaType {
        // Programs name JPEG by its extension, too.
        case "multipart/form-data", "image/jpeg", "image/jpg", "image/pjpeg", "image/png", "image/webp", "image/gif",
            "application/octet-stream":
            return try await call.readFile(limit: pictureLimit)
        default:
            throw Problem.unsupportedMediaType(
                LocalizedText(
                    en: "Send a JPEG, PNG, WebP or GIF picture, or a form with one.",
                    fr: "Envoyez une image JPEG, PNG, WebP ou GIF, ou un formulaire qui en contient une."))
        }
    }
}

extension PictureFailure {
    var problem: Problem {
        switch self {
        case .unknownFormat:
            .invalid(
                "/file", "unknown_format",
                LocalizedText(
                    en: "This is no JPEG, PNG, WebP or GIF picture.", fr: "Ce n’est pas une image JPEG, PNG, WebP ou GIF."))
        case .tooManyPixels(let width, let height):
            .invalid(
                "/file", "too_many_pixels",
                LocalizedText(
                    en:
                        "This picture of \(width) × \(height) pixels is too large; up to 32 million pixels are read, and 16,384 on each side.",
                    fr:
                        "Cette image de \(width) × \(height) pixels est trop grande ; la limite est de 32 millions de pixels, et de 16 384 par côté."
                ))
        case .cropOutside(let width, let height):
            .invalid(
                "?size", "out_of_range",
                LocalizedText(
                    en: "The square does not lie within the picture of \(width) × \(height) pixels.",
                    fr: "Le carré dépasse de l’image de \(width) × \(height) pixels."))
        case .damaged(let cause): .damagedPicture(cause)
        }
    }
}

extension Problem {
    fileprivate static func damagedPicture(_ cause: String) -> Problem {
        var problem = Problem.invalid(
            "/file", "damaged",
            LocalizedText(en: "This picture is damaged or incomplete.", fr: "Cette image est endommagée ou incomplète."))
        problem.cause = cause
        return problem
    }
}
