internal import Glibc

/// How many connections the system's limit of open files leaves room for: what cannot be opened when it is needed must not be used up by strangers.
enum FileLimit {
    struct Room {
        /// Connections that are served.
        let connections: Int
        /// Sockets at once, those that are being refused included; beyond it none is accepted.
        let sockets: Int
        /// Files that the process may have open.
        let limit: Int
    }

    /// Files that must stay free: threads of the runtime look into /proc, logs and heads are appended, mails sent.
    static let reserve = 48

    /// - Parameter connections: to databases, which are opened when they are needed.
    /// - Throws: `StartFailure` when there is no room for ten.
    static func connections(wanted: Int, besides connections: Int) throws(StartFailure) -> Room {
        var limits = rlimit()
        guard getrlimit(__rlimit_resource_t(RLIMIT_NOFILE.rawValue), &limits) == 0 else {
            throw StartFailure("The limit of open files cannot be read: \(String(cString: strerror(errno))).")
        }
        let limit = Int(min(limits.rlim_cur, 1 << 30))
        let used = openFiles + connections + reserve
        // An eighth of what is left is for those who are told that there is no room.
        let left = limit - used
        let room = left - min(left / 8, 1000)
        guard room >= 10 else {
            throw StartFailure(
                "The limit of open files is \(limit), and at least \(used + 12) are needed: raise it (ulimit -n; systemd: LimitNOFILE).")
        }
        return Room(connections: min(wanted, room), sockets: min(wanted, room) + min(left / 8, 1000), limit: limit)
    }

    private static var openFiles: Int {
        guard let folder = opendir("/proc/self/fd") else { return 64 }
        defer { closedir(folder) }
        var count = 0
        while readdir(folder) != nil { count += 1 }
        return count
    }
}
