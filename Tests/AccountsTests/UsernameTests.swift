import Accounts
import Database
import HTTP
import Kernel
import TestSupport
import Testing

/// A username is one person's, be they a member or somebody who waits to be one.
@Suite struct UsernameTests {
    @Test(arguments: TestDatabase.all) func theNameOfWhoWaitsIsNobodyElses(_ kind: TestDatabase) async throws {
        var policy = AccountPolicy()
        policy.registration = .approval
        try await AccountsSite.with(kind, policy: policy) { site in
            let root = try await site.token("root")
            try await site.add("bert")
            #expect(try await site.send(.post, "/auth/register", AccountsSite.newcomer("anna")).status == 202)
            let taken = try await site.send(.post, "/users", token: root, AccountsSite.newcomer("anna", ["email": "other@site.test"]))
            #expect((taken.status, taken.code, taken.faults) == (409, "username_taken", ["/username taken"]))
            let renamed = try await site.send(.patch, "/users/u_bert", token: root, ["username": "anna"])
            #expect((renamed.status, renamed.code) == (409, "username_taken"))
            let id = try await site.send(.get, "/registrations", token: root).items[0]["id"]?.string ?? ""
            #expect(try await site.send(.post, "/registrations/\(id)/approve", token: root, [:]).json["username"] == "anna")
            // A refused one holds none.
            #expect(try await site.send(.post, "/auth/register", AccountsSite.newcomer("carl")).status == 202)
            let other = try await site.send(.get, "/registrations", token: root).items[0]["id"]?.string ?? ""
            #expect(try await site.send(.post, "/registrations/\(other)/refuse", token: root, ["reason": "no"]).status == 200)
            #expect(try await site.send(.patch, "/users/u_bert", token: root, ["username": "carl"]).status == 200)
        }
    }

    /// Of a member made and an applicant who come for one name at the same moment one gets it.
    @Test func twoWhoComeForOneNameMeet() async throws {
        try await AccountsSite.with(.postgres, sendsMail: true) { site in
            let root = try await site.token("root")
            let statuses = Statuses()
            // Whoever makes a member is about to write it down, and has not committed.
            try await site.meet(
                at: "SELECT 1 FROM audit_chains FOR UPDATE",
                [
                    { statuses.add(try await site.send(.post, "/users", token: root, AccountsSite.newcomer("anna")).status) },
                    {
                        let body = AccountsSite.newcomer("anna", ["email": "else@site.test"])
                        statuses.add(try await site.send(.post, "/auth/register", body).status)
                    },
                ])
            #expect(statuses.sorted == [201, 409])
        }
    }
}
