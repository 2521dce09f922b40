internal import Glibc

/// Why a server cannot listen, in words that say what to do.
public struct ListenFailure: Error, Sendable, CustomStringConvertible {
    public let description: String
    /// The kernel's number for it; 0 where the address could not be read.
    public let errno: Int32
}

/// Makes the listening sockets: one for each address and loop, sharing the port between the loops alone.
enum Listening {
    /// Sockets for each of `loops` loops, and the port they are bound to.
    static func open(_ options: HTTPServerOptions, loops: Int) throws(ListenFailure) -> (descriptors: [[Int32]], port: Int) {
        var port = options.port
        var descriptors = [[Int32]](repeating: [], count: loops)
        do throws(ListenFailure) {
            let hosts = options.host == "localhost" ? ["127.0.0.1", "::1"] : [options.host]
            for (position, host) in hosts.enumerated() {
                // A machine without IPv6 still has a localhost.
                if position > 0, !isAvailable(host) { continue }
                if port != 0 { try probe(host, port) }
                for loop in 0..<loops {
                    let descriptor = try bound(host, port, shared: true)
                    descriptors[loop].append(descriptor)
                    port = SocketAddress.port(of: descriptor)
                    guard listen(descriptor, Int32(options.backlog)) == 0 else { throw failure("listen on", host, port) }
                }
            }
        } catch {
            for descriptor in descriptors.joined() { close(descriptor) }
            throw error
        }
        return (descriptors, port)
    }

    /// Binds once without sharing: with SO_REUSEPORT a second process of ours would silently take half of the connections.
    private static func probe(_ host: String, _ port: Int) throws(ListenFailure) { close(try bound(host, port, shared: false)) }

    private static func isAvailable(_ host: String) -> Bool {
        do throws(ListenFailure) {
            close(try bound(host, 0, shared: false))
            return true
        } catch {
            return false
        }
    }

    private static func bound(_ host: String, _ port: Int, shared: Bool) throws(ListenFailure) -> Int32 {
        guard let address = SocketAddress(host, port: port), (0...65535).contains(port) else {
            throw ListenFailure(description: "\(host):\(port) is not an IPv4 or IPv6 address with a port, nor localhost", errno: 0)
        }
        let kind = Int32(SOCK_STREAM.rawValue) | Int32(SOCK_CLOEXEC.rawValue) | Int32(SOCK_NONBLOCK.rawValue)
        let descriptor = socket(address.family, kind, 0)
        guard descriptor >= 0 else { throw failure("open a socket for", host, port) }
        set(descriptor, SOL_SOCKET, SO_REUSEADDR, 1)
        if shared { set(descriptor, SOL_SOCKET, SO_REUSEPORT, 1) }
        // `::` takes IPv4 too, any other IPv6 address itself alone.
        if address.family == AF_INET6 { set(descriptor, Int32(IPPROTO_IPV6), IPV6_V6ONLY, host == "::" || host == "[::]" ? 0 : 1) }
        guard address.withSockaddr({ bind(descriptor, $0, $1) }) == 0 else {
            let failure = failure("listen on", host, port)
            close(descriptor)
            throw failure
        }
        return descriptor
    }

    private static func set(_ descriptor: Int32, _ level: Int32, _ option: Int32, _ value: Int32) {
        var value = value
        let status = setsockopt(descriptor, level, option, &value, socklen_t(MemoryLayout<Int32>.size))
        precondition(status == 0, "setsockopt failed: \(errno)")
    }

    private static func failure(_ act: String, _ host: String, _ port: Int) -> ListenFailure {
        let code = errno
        let hint =
            switch code {
            case EADDRINUSE: "another process is using it; stop that one or choose another port"
            case EACCES: "ports below 1024 need the right to bind them; choose a higher one or grant it"
            case EADDRNOTAVAIL: "this machine has no such address"
            case EMFILE, ENFILE: "too many files are open; raise the limit"
            default: String(cString: strerror(code))
            }
        return ListenFailure(description: "cannot \(act) \(host):\(port): \(hint)", errno: code)
    }
}
