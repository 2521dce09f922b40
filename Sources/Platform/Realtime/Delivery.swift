internal import Bus
internal import Kernel
internal import Transport

/// A batch of one topic's events, framed once for all loops and sockets.
struct Delivery: Sendable {
    struct Item: Sendable {
        let publication: Publication
        let frame: SharedBytes
    }

    let topic: String
    let items: [Item]
    /// All frames one behind the other, for those who get them all.
    let joined: SharedBytes

    init(_ publications: [Publication]) {
        topic = publications[0].topic
        items = publications.map { Item(publication: $0, frame: SharedBytes(text: $0.payload)) }
        joined = items.count == 1 ? items[0].frame : SharedBytes(framed: Array(items.map(\.frame.bytes).joined()))
    }

    var first: Int64 { items[0].publication.position.offset }
}
