internal import Kernel
internal import Synchronization

/// Of whom a reader hears who has no right to follow everybody: said by whoever knows what people show.
final class PresenceVisibility: Sendable {
    typealias Rule = @Sendable (_ reader: UserID?, _ people: [UserID]) -> [UserID]

    let rule = Mutex<Rule>({ _, people in people })
}
