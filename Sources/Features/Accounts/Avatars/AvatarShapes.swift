internal import Sanctions
internal import Web

/// What the routes of avatars take and answer.
enum AvatarShapes {
    static let put = RouteShape(
        "Upload a picture; `x`, `y` and `size` choose a square of it.", parameters: ["id": .userReference],
        query: [
            "x": .integer(0...100_000).optional, "y": .integer(0...100_000).optional, "size": .integer(1...100_000).optional,
        ],
        body: .bytes(["image/jpeg", "image/png", "image/webp", "image/gif", "application/octet-stream", "multipart/form-data"]),
        answers: [.ok(UserShapes.user).tagged], refusals: [.forbidden("rank_too_low"), .muted], guards: [.ifMatch])

    static let remove = RouteShape(
        "Take a person’s picture away.", parameters: ["id": .userReference], answers: [.ok(UserShapes.user).tagged],
        refusals: [.forbidden("rank_too_low")], guards: [.idempotencyKey, .ifMatch])

    static let read = RouteShape(
        "Load a picture.",
        parameters: [
            "token": .text, "size": .string(1...4).described("In pixels: \(AvatarStore.sizes.map(String.init).joined(separator: ", "))"),
        ],
        answers: [.bytes("image/webp").tagged, .notModified])
}
