internal import Bus
internal import Kernel
internal import Transport

/// A batch of one topic's events, framed and compressed once for all loops and sockets.
struct Delivery: Sendable {
    struct Item: Sendable {
        let publication: Publication
        let message: SharedMessage
    }

    let topic: String
    let items: [Item]
    /// All of them one behind the other, for those who get them all.
    let joined: SharedMessage

    init(_ publications: [Publication], compresses: Bool) {
        topic = publications[0].topic
        items = publications.map { Item(publication: $0, message: SharedMessage(text: $0.payload, compresses: compresses)) }
        joined = items.count == 1 ? items[0].message : SharedMessage(joining: items.map(\.message))
    }

    /// What it takes while it waits for a loop, about.
    var bytes: Int { items.reduce(0) { $0 + $1.publication.payload.count + 256 } }

    var first: Int64 { items[0].publication.position.offset }
    var last: Position { items[items.count - 1].publication.position }
}
