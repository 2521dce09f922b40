internal import Kernel
internal import Media
package import Runtime

extension Site {
    /// Imports a file of titles.
    ///
    /// - Parameter report: gets a line for the terminal now and then.
    /// - Returns: what came of it, for the terminal.
    package static func importMedia(
        _ path: String, kind: String, language: String, _ settings: Settings, report: @escaping @Sendable (String) -> Void
    ) async throws -> String {
        guard let titles = TitleKind(rawValue: kind) else { throw Settings.Fault("--kind is film or series.") }
        guard let language = Language(rawValue: language) else { throw Settings.Fault("--language is en or fr.") }
        let infrastructure = try await Infrastructure.open(settings, mustExist: true)
        do {
            let composition = try await Composition(infrastructure)
            let done = try await composition.media.fileImport.run(path, kind: titles, language: language) { progress in
                if progress.rows % 10_000 == 0 { report("\(progress.rows) rows") }
            }
            await infrastructure.close()
            let before = done.continued > 0 ? " (\(done.continued) of them before it was interrupted)" : ""
            return """
                \(done.rows) rows\(before): \(done.added) titles added, \(done.updated) updated, \(done.unchanged) unchanged, \
                \(done.invalid) rows cannot be read.
                """
        } catch {
            await infrastructure.close()
            if let fault = error as? TitleFileImport.Fault { throw StartFailure(fault.description) }
            throw error
        }
    }
}
