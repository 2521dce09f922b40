internal import Kernel
internal import Runtime
internal import Web

extension WorkOrigin {
    /// For whom a picture is read or drawn: a member, or the address of a guest, so that no one takes all places of the queue.
    static func reader(_ scope: Scope) -> WorkOrigin {
        guard let user = scope.userID else {
            return WorkOrigin(.unknown, [Share("address \(AddressBlock.of(scope.address))", limit: 16)])
        }
        return WorkOrigin(.known, [Share("person \(user.rawValue)", limit: 16)])
    }
}
