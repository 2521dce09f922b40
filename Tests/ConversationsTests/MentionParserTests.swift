import Kernel
import Testing

@testable import Conversations

/// Which texts mention somebody, and which only look like it.
@Suite struct MentionParserTests {
    private static let user = UserID(rawValue: 1_496_000_000_000_000_000)
    private static let role = RoleID(rawValue: 4)

    struct Text: Sendable, CustomTestStringConvertible {
        let content: String
        let users: Bool
        let everyone: Bool
        var testDescription: String { content }

        init(_ content: String, users: Bool = false, everyone: Bool = false) {
            (self.content, self.users, self.everyone) = (content, users, everyone)
        }
    }

    private static let name = "<@\(user)>"

    static let texts: [Text] = [
        Text("\(name)", users: true), Text("hello \(name), how are you?", users: true), Text("(\(name))", users: true),
        Text("\(name).", users: true),
        Text("**\(name)**", users: true), Text("a\n\(name)", users: true), Text("<@everyone>", everyone: true),
        Text("<@everyone>.", everyone: true), Text("[<@everyone>]", everyone: true), Text("@everyone"), Text("<@everyone"),
        Text("<@nobody>"),
        Text("`\(name)`"), Text("``a ` \(name)``"), Text("```\n\(name)\n```"), Text("~~~\n<@everyone>\n~~~"), Text("```\n\(name)"),
        Text("   ```js\n\(name)\n   ```\n<@everyone>", everyone: true), Text("> \(name)"), Text("  > <@everyone>"),
        Text("> quoted\n\(name)", users: true), Text("\\\(name)"), Text("` \(name)", users: true), Text("`a` \(name) `b`", users: true),
        Text("``\(name)`", users: true), Text("<@&\(user)>"), Text("<@\(user)x>"), Text("< @\(user)>"), Text("<@>"), Text("<@"), Text("<"),
        Text("`a\n\n\(name)`", users: true), Text("`a\n\(name)`"), Text("````\n```\n\(name)\n````"), Text("a ```\(name)```"),
        Text("1 < 2 \(name)", users: true), Text("<<\(name)", users: true), Text("\(name)\(name)<@everyone>", users: true, everyone: true),
    ]

    @Test(arguments: texts) func findsWhatIsMeant(_ text: Text) {
        let targets = MentionParser.targets(in: text.content)
        #expect(targets.users == (text.users ? [Self.user] : []))
        #expect(targets.everyone == text.everyone)
    }

    @Test(arguments: [
        ("hello", "hello"), ("<@1> look\n\n> quoted", "@Zoé look quoted"), ("the end: ||he dies||.", "the end: …."), ("a || b", "a || b"),
        ("<@2> <@&3> <@everyone>", "<@2> @critics @everyone"), ("**so** `much`\n```swift", "so much"), ("<@", "<@"), ("", ""),
    ]) func anExcerptNamesAndHides(_ content: String, _ shown: String) {
        let names = ["1": "Zoé", "&3": "critics", "everyone": "everyone"]
        #expect(MessageExcerpt.text(content) { names[$0] } == shown)
    }

    @Test func rolesAreNamedApart() {
        let targets = MentionParser.targets(in: "<@&\(Self.role)> and <@&\(Self.role)>")
        #expect(targets.roles == [Self.role] && targets.users.isEmpty)
        #expect(MessageTargets(stored: targets.stored) == targets)
    }

    /// Rows of one mark cost what they are long.
    @Test func hostileTextsAreReadInTime() {
        for text in ["`", "<", "<@", ">", "\\", "~", "`a", "``` "] {
            let start = ContinuousClock.now
            _ = MentionParser.targets(in: String(repeating: text, count: 4000 / text.count))
            #expect(ContinuousClock.now - start < .milliseconds(200), "\(text)")
        }
    }
}
