// `foyer-fuzz TARGET [OPTIONS OF LIBFUZZER]`: searches inputs that break the target's properties; built by `make fuzz` alone.
// `foyer-fuzz` lists the targets with the files that each is about; `foyer-fuzz TARGET --words` prints its dictionary.

internal import FuzzTargets
internal import Glibc

typealias Check = @convention(c) (UnsafePointer<UInt8>?, Int) -> CInt

/// The entry of libFuzzer for programs that have a `main` of their own.
@_silgen_name("LLVMFuzzerRunDriver")
func runDriver(
    _ count: UnsafeMutablePointer<CInt>, _ arguments: UnsafeMutablePointer<UnsafeMutablePointer<UnsafeMutablePointer<CChar>?>>,
    _ check: Check
) -> CInt

let arguments = CommandLine.arguments
guard arguments.count > 1 else {
    for target in FuzzTarget.all { print(target.name, target.files.joined(separator: " ")) }
    exit(0)
}
guard let chosen = Chosen.target else {
    print("There is no target \(arguments[1]).")
    exit(2)
}
if arguments.dropFirst(2).first == "--words" {
    for word in chosen.words {
        print("\"" + word.utf8.map { "\\x" + String($0 >> 4, radix: 16) + String($0 & 15, radix: 16) }.joined() + "\"")
    }
    exit(0)
}

let check: Check = { start, count in
    do {
        try Chosen.target?.check(Array(UnsafeBufferPointer(start: start, count: count)))
        return 0
    } catch {
        print("Broken property: \(error)")
        fflush(nil)
        abort()
    }
}

// The name of the target is ours; libFuzzer sees the rest.
var count = CommandLine.argc - 1
var rest = CommandLine.unsafeArgv + 1
rest[0] = CommandLine.unsafeArgv[0]
exit(runDriver(&count, &rest, check))
