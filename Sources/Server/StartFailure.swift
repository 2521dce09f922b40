/// Why the program could not start, or a command could not be done, in a sentence for the terminal; exit code 1.
package struct StartFailure: Error, CustomStringConvertible {
    package let description: String

    package init(_ description: String) { self.description = description }
}
