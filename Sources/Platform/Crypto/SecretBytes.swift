internal import CSodium

/// Key material in guarded memory that is locked against swapping and wiped when freed.
struct GuardedMemory: ~Copyable {
    let base: UnsafeMutableRawPointer
    let count: Int

    init(_ bytes: [UInt8]) {
        _ = Sodium.ready
        guard let base = sodium_malloc(max(bytes.count, 1)) else { preconditionFailure("no memory for a key") }
        bytes.withUnsafeBytes { source in
            if let start = source.baseAddress { base.copyMemory(from: start, byteCount: source.count) }
        }
        sodium_mprotect_readonly(base)
        (self.base, self.count) = (base, bytes.count)
    }

    deinit { sodium_free(base) }
}

/// A secret that several owners share.
// SAFETY: the memory is written once, before `init` returns, and is read-only until the last owner frees it.
final class SecretBytes: @unchecked Sendable {
    private let memory: GuardedMemory

    init(_ bytes: [UInt8]) { memory = GuardedMemory(bytes) }

    var count: Int { memory.count }

    func withBytes<Result>(_ body: (UnsafePointer<UInt8>, Int) -> Result) -> Result {
        body(UnsafePointer(memory.base.assumingMemoryBound(to: UInt8.self)), memory.count)
    }
}
