internal import Friends
internal import Kernel
internal import Web

/// The input and the answers of the routes of the notification centre.
enum NotificationShapes {
    static let notification = Shape.named(
        "Notification",
        .object([
            "id": .id, "kind": .text, "count": .integer.described("How many events it stands for."), "title": .text,
            "body": .text.orNull, "url": .text, "actor": UserCards.shape.orNull, "read_at": .timestamp.orNull, "created_at": .timestamp,
            "updated_at": .timestamp,
        ]))

    static let list = RouteShape(
        "List your notifications, the newest first.",
        query: [
            "unread": .bool.optional, "limit": .integer(1...200).optional, "cursor": .string(max: 512).optional, "count": .bool.optional,
        ], answers: [.ok(Shape.page(of: notification).with(["unread": .integer.described("How many are unread.")]))])

    static let read = RouteShape(
        "Mark some notifications as read, or all.",
        body: .json(.object(["ids": Shape.list(of: .id, 1...200).optionalOrNull, "all": .bool.optionalOrNull])),
        answers: [.ok(.object(["unread": .integer]))], guards: [.idempotencyKey])

    private static let preference = Shape.object(["in_app": .bool, "browser": .bool])
    private static let preferences = Shape.object(["kinds": .map(preference)])
    static let readPreferences = RouteShape("Read where you want notifications of each kind.", answers: [.ok(preferences)])
    static let editPreferences = RouteShape(
        "Change where you want notifications; null gives a kind its defaults.",
        body: .json(.object(["kinds": .map(preference.patch.orNull)])), answers: [.ok(preferences)], guards: [.idempotencyKey])
}
