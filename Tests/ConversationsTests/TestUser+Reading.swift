import Database
import Jobs
import Kernel
import SiteSupport
import Testing

@testable import Server

/// What one reads of conversations in the tests.
extension TestUser {
    func read(_ conversation: String, upTo seq: Int64) async throws -> JSON {
        try await send("PUT", "/conversations/\(conversation)/read", ["seq": .integer(seq)]).json
    }

    func conversation(_ id: String) async throws -> JSON { try await send("GET", "/conversations/\(id)").json }
    func unread(in id: String) async throws -> Int64? { try await conversation(id)["unread"]?.integer }
    func mentions(in id: String) async throws -> Int64? { try await conversation(id)["mentions"]?.integer }

    func contents(of conversation: String, _ query: String = "") async throws -> [String] {
        try await items("/conversations/\(conversation)/messages\(query)").compactMap { $0["content"]?.string }
    }
}

extension TestSite {
    /// Runs the jobs that announce collected reactions.
    func tellReactions() async throws {
        for _ in 0..<400 {
            _ = await composition.runner.runDue()
            if try await count("jobs WHERE kind = 'conversations.reactions'") == 0 { return }
            try await Task.sleep(for: .milliseconds(20))
        }
        Issue.record("collected reactions are never announced")
    }
}
