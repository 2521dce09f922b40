// Owns the files that members upload: receives them (tus), stores, serves and removes them. Refuses to know what a message is: Conversations puts files
// into messages, and decides who may read a message.
package import Crypto
package import Database
package import FeatureKit
internal import HTTP
internal import Images
package import Jobs
package import Kernel
package import Roles
internal import Runtime
internal import Storage
internal import Synchronization
package import Web

/// Uploads, and the files that they become.
package struct FilesFeature: Feature {
    /// Whether a reader may read a message at this moment.
    package typealias MayRead = @Sendable (MessageID, Transaction) throws -> Bool
    /// Looks up a reader’s rights once, outside of the transaction.
    package typealias Readers = @Sendable (Scope) async throws -> MayRead

    let database: any Database
    let ids: IDGenerator
    let clock: WallClock
    let roles: RolesFeature
    let queue: JobQueue
    let options: FileOptions
    let cipher: FileCipher
    let store: FileStore
    let pictures = PictureMaker()
    let active = ActiveUploads()
    /// Bounds the memory of pictures, each of which is held whole while it is processed.
    let turns = FairTurns(FileLimits.picturesAtOnce, limit: 256)
    private let readers = ReadersHook()

    package init(
        database: any Database, keyring: Keyring, ids: IDGenerator, clock: WallClock = .system, roles: RolesFeature, jobs: JobQueue,
        options: FileOptions
    ) {
        (self.database, self.ids, self.clock, self.roles, queue, self.options) = (database, ids, clock, roles, jobs, options)
        (cipher, store) = (FileCipher(keyring: keyring), FileStore(path: options.folder))
    }

    package static let declaration = FeatureDeclaration(
        "files", title: LocalizedText(en: "Files", fr: "Fichiers"), migrations: filesMigrations, permissions: filesPermissions,
        settings: FileOptions.settings)

    /// Sets who may read the message of a file; called once, before the first request.
    package func onRead(_ body: @escaping Readers) { readers.set(body) }

    func mayRead(_ scope: Scope) async throws -> MayRead { try await readers.get(scope) }

    package var routes: [Route] {
        [
            Route(.options, "/files", .anyone, FileShapes.describe, looksAtCredentials: false) { describeTus($0) },
            Route(.post, "/files", .may(.filesUpload), FileShapes.create) { try await createUpload($0) },
            Route(.get, "/files/limits", .signedIn, FileShapes.limits) { try await readLimits($0) },
            Route(.get, "/files/{id}", .may(.chatRead), FileShapes.describeFile) { try await describeFile($0) },
            Route(.head, "/files/{id}", .may(.filesUpload), FileShapes.head) { try await describeUpload($0) },
            Route(.patch, "/files/{id}", .may(.filesUpload), FileShapes.receive, streamsUpTo: 1 << 50) { try await receiveUpload($0) },
            Route(.delete, "/files/{id}", .may(.filesUpload), FileShapes.cancel) { try await cancelUpload($0) },
            Route(.get, "//files/{id}/{name}", .may(.chatRead), FileShapes.serve) { try await serveFile($0, isPreview: false) },
            Route(.get, "//files/{id}/preview/{name}", .may(.chatRead), FileShapes.serve) { try await serveFile($0, isPreview: true) },
        ]
    }

    /// Tells clients whether the person may upload.
    package func snapshot(for scope: Scope) async throws -> [(String, JSON)] { scope.can(.filesUpload) ? [("files", [:])] : [] }

    package var jobs: [JobKind] {
        [
            JobKind(Self.removeJob, schedule: .every(3_600_000)) { _ in
                while try await removeDoomed() {}
                return .done
            },
            JobKind("files.expire", schedule: .every(900_000)) { _ in
                while try await expireUnused() {}
                return .done
            },
            JobKind("files.sweep", schedule: .daily(minute: 210)) { _ in
                try await sweepFolders()
                return .done
            },
        ]
    }
}

extension Permission {
    package static let filesUpload = Permission(
        declaring: Definition("files.upload", en: "Send files", fr: "Envoyer des fichiers", heldBy: ["member"]))
}

let filesPermissions: [Permission] = [.filesUpload]

extension Permission {
    static let chatRead = Permission(known: "chat.read")
}

/// Holds the function of Conversations, which is made after this feature.
private final class ReadersHook: Sendable {
    private let body = Mutex<FilesFeature.Readers?>(nil)

    func set(_ body: @escaping FilesFeature.Readers) { self.body.withLock { $0 = body } }

    /// Nobody may read anything before the function is set.
    func get(_ scope: Scope) async throws -> FilesFeature.MayRead {
        guard let body = body.withLock({ $0 }) else { return { _, _ in false } }
        return try await body(scope)
    }
}
