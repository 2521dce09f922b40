public import Bus
public import Kernel

extension OutboxRecord {
    /// Whether an event belongs to the creation of an account: its first roles are assigned right after it.
    public func belongsToCreation(of user: UserID) -> Bool { at.milliseconds - user.timestamp.milliseconds < 2000 }
}
