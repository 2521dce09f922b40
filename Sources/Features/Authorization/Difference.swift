package import Kernel

extension JSONObject {
    /// What changed on the way to `other`, member by member: lists tell what was added and removed, the rest `from` and `to`.
    package func difference(to other: JSONObject) -> JSONObject {
        var changes = JSONObject()
        for name in names + other.names.filter({ self[$0] == nil }) {
            let (before, after) = (self[name] ?? .null, other[name] ?? .null)
            guard before != after else { continue }
            if let old = before.array, let new = after.array {
                let added = new.filter { !old.contains($0) }
                let removed = old.filter { !new.contains($0) }
                changes[name] = ["added": .array(added), "removed": .array(removed)]
            } else {
                changes[name] = ["from": before, "to": after]
            }
        }
        return changes
    }
}
