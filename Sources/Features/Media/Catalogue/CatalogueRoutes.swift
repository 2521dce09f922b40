internal import Database
internal import HTTP
internal import Kernel
internal import Web

/// The read side of the catalogue.
struct CatalogueRoutes: Sendable {
    let database: any Database
    let clock: WallClock
    let index: CatalogueIndex
    let cards: TitleCards
    let marks: MediaMarks
    let wanted: WantedTitles
    let printed = CardCache()

    var routes: [Route] {
        [
            Route(.get, "/media", .may(.mediaRead), CatalogueShapes.list, handler: listTitles),
            Route(.get, "/media/home", .may(.mediaRead), CatalogueShapes.home, handler: readHome),
            Route(.get, "/media/genres", .may(.mediaRead), CatalogueShapes.genres, handler: listGenres),
            Route(.get, "/media/{id}", .may(.mediaRead), CatalogueShapes.read, handler: readTitle),
            Route(.get, "/media/{id}/seasons/{number}", .may(.mediaRead), CatalogueShapes.readSeason, handler: readSeason),
            Route(.get, "/media/{id}/poster.svg", .may(.mediaRead), CatalogueShapes.poster, handler: readPoster),
            Route(.get, "/media/{id}/card.png", .may(.mediaRead), CatalogueShapes.card, handler: readCard),
            Route(.get, "/people/{id}", .may(.mediaRead), CatalogueShapes.readPerson, handler: readPerson),
        ]
    }

    /// The title that a path names, as far as the reader may see it.
    ///
    /// - Throws: 404 for one that is absent, hidden, or for adults while nobody signed in.
    func record(_ reference: String, for scope: Scope, _ languages: ReadingLanguages, in transaction: Transaction) throws -> TitleRecord {
        guard let id = MediaID(uuid: reference),
            let record = try TitleTable.record(id, languages: languages.chain, in: transaction),
            !record.isHidden || scope.can(.mediaManage), !record.isAdult || scope.userID != nil
        else { throw Problem.notFound }
        return record
    }
}
