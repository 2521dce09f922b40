internal import Runtime

/// The addresses of the source, and the folder of its pictures.
package struct SourceOptions: Sendable {
    let api: String
    let images: String
    let folder: String
    let imageBytes: Int64

    /// - Parameters:
    ///   - api: `https://api.themoviedb.org/3`
    ///   - images: `https://image.tmdb.org/t/p`
    ///   - folder: in which the folder of the pictures is made. Several nodes share it.
    ///   - imageBytes: the most bytes of pictures.
    package init(api: String, images: String, folder: String, imageBytes: Int64) {
        (self.api, self.images, self.folder, self.imageBytes) = (api, images, folder, imageBytes)
    }

    static let settings = [
        Setting("tmdb-url", "https://api.themoviedb.org/3", "TMDB’s API, or a proxy of it; asked only once a key is set in the panel."),
        Setting("tmdb-images-url", "https://image.tmdb.org/t/p", "TMDB’s pictures, or a proxy of them."),
        Setting(
            "tmdb-images-bytes", "4000000000", "The most bytes of pictures from TMDB; titles beyond keep their drawn posters.",
            kind: .integer(0...1_000_000_000_000)),
    ]
}
