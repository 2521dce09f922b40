internal import HTTP
public import Kernel

/// The description of every route as OpenAPI 3.1, made once from what the routes declare.
public struct APIDescription: Sendable {
    public let document: JSON
    private let bytes: [UInt8]
    private let tag: String

    /// - Parameter routes: all of them, but for the one that this makes.
    public init(version: String, base: String = "/api/v1", routes: [Route]) {
        let own = Route(.get, "/openapi.json", .anyone, Self.shape, looksAtCredentials: false) { _ in .noContent }
        var writer = OpenAPIWriter(base: base)
        document = writer.document(version: version, routes + [own])
        bytes = document.bytes
        tag = StaticFiles.tag(of: bytes)
    }

    private static let shape = RouteShape(
        "Read this description.",
        answers: [
            .ok(.object(["openapi": .text, "info": .any, "servers": .any, "tags": .any, "paths": .map(.any), "components": .any])).tagged,
            .notModified,
        ])

    /// `GET /openapi.json`
    public var route: Route {
        Route(.get, "/openapi.json", .anyone, Self.shape, looksAtCredentials: false) { [bytes, tag] call in
            let headers: HTTPHeaders = ["Content-Type": "application/json", "ETag": tag, "Cache-Control": "no-cache"]
            return Reply(status: 200, headers: headers, body: bytes).compressible().unlessFresh(for: call.request)
        }
    }
}
