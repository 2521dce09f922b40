internal import Friends
internal import Kernel
internal import Web

/// Shapes of the routes of profiles.
enum ProfileShapes {
    static let noteLength = 2000
    static let nicknameLength = 64

    private static let figures: Shape = .object([
        "favorites": .integer.optional, "likes": .integer.optional, "ratings": .integer.optional, "watchlist": .integer.optional,
        "friends": .integer.optional,
    ])

    private static let note = Shape.object(["note": .text.orNull, "nickname": .text.orNull])

    static let read = RouteShape(
        "Read a person’s profile, as far as the person shows it.", parameters: ["id": .userReference],
        answers: [
            .ok(
                .named(
                    "Profile",
                    .object([
                        "user": UserCards.shape, "bio": .text.orNull,
                        "banner": .object(["hue": Shape.integer.orNull.described("In degrees.")]),
                        "roles": .list(of: .object(["id": .id, "name": .text, "color": .text.orNull])), "joined_at": .timestamp,
                        "friends_in_common": .list(of: UserCards.shape), "friend_state": .choice(FriendState.self),
                        "counts": figures.described("Without the counts that the reader may not see."),
                        "note": Shape.text.orNull.described("The reader’s private note."), "nickname": .text.orNull,
                        "visible": .object([
                            "history": .bool, "friends": .bool, "favorites": .bool, "likes": .bool, "ratings": .bool, "watchlist": .bool,
                        ]),
                    ])))
        ])

    static let writeNote = RouteShape(
        "Write a private note about a person. Null and absent fields are cleared.", parameters: ["id": .userReference],
        body: .optionalJSON(
            .object([
                "note": .string(max: noteLength).optionalOrNull, "nickname": .string(max: nicknameLength).optionalOrNull,
            ])), answers: [.ok(note)], refusals: [.conflict("note_limit")], guards: [.idempotencyKey])
}
