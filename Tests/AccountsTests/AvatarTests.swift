import Accounts
import Database
import HTTP
import Kernel
import Pictures
import TestSupport
import Testing

@Suite struct AvatarTests {
    /// Programs name JPEG by its extension, too.
    @Test(arguments: ["image/jpg", "image/pjpeg", "IMAGE/JPG; q=1"]) func anotherNameOfJPEGIsTaken(_ type: String) async throws {
        try await AccountsSite.with(.sqlite) { site in
            let answer = try await site.upload(Picture.sample("phone.jpg"), as: type, token: try await site.token("root"))
            #expect(answer.status == 200, "\(answer.json.text)")
        }
    }

    @Test(arguments: TestDatabase.all) func aPictureBecomesTheAvatar(_ kind: TestDatabase) async throws {
        try await AccountsSite.with(kind) { site in
            let mia = try await site.add("mia")
            let token = try await site.token("mia")
            let put = try await site.upload(Picture.sample("phone.jpg"), as: "image/jpeg", token: token)
            #expect(put.status == 200 && put.headers["ETag"] == "\"2\"" && put.json["version"] == 2)
            let address = put.text("avatar_url")
            #expect(address.hasPrefix("/api/v1/avatars/") && address.hasSuffix("/256"))
            #expect(try await site.send(.get, "/users/me", token: token).json == put.json)
            for (path, size) in [(address, 256), (address.dropLast(3) + "64", 64)] {
                // Without signing in: who knows the address may load it.
                let served = try await site.load(path)
                #expect(served.status == 200 && Picture.webP(served.body)?.width == size)
                #expect(served.headers["Content-Type"] == "image/webp" && served.headers["X-Content-Type-Options"] == "nosniff")
                #expect(served.headers["Cache-Control"] == "private, max-age=31536000, immutable")
                #expect(served.headers["Content-Security-Policy"] == "default-src 'none'; frame-ancestors 'none'")
                let text = String(decoding: served.body, as: UTF8.self)
                #expect(!text.contains("Sycamore") && !text.contains("Exif"))
                let tag = try #require(served.headers["ETag"])
                let again = try await site.load(path, headers: ["If-None-Match": tag])
                #expect(again.status == 304 && again.body.isEmpty)
            }
            for path in [address + "0", address.dropLast(3) + "65", address.dropLast(4) + "x/256", address + "?x=1"] {
                #expect(try await [404, 422].contains(site.load(path).status), "\(path)")
            }
            #expect(try await site.audited(mia.text("id")).last == "user.update")
            #expect(try await site.events(of: mia.text("id")).last == "user.updated")
        }
    }

    @Test(arguments: TestDatabase.all) func thePictureOfWhoeverIsGoneIsGone(_ kind: TestDatabase) async throws {
        try await AccountsSite.with(kind) { site in
            try await site.add("mia")
            let (mia, root) = (try await site.token("mia"), try await site.token("root"))
            let address = try await site.upload(Picture.sample("gray.png"), as: "image/png", token: mia).text("avatar_url")
            #expect(try await site.load(address).status == 200)
            #expect(try await site.send(.delete, "/users/u_mia", token: root).status == 204)
            #expect(try await site.load(address).status == 404)
            #expect(try await site.send(.post, "/users/u_mia/restore", token: root).status == 200)
            #expect(try await site.load(address).status == 200)
        }
    }

    @Test(arguments: TestDatabase.all) func anotherPictureHasAnotherAddressAndTheOldOneIsGone(_ kind: TestDatabase) async throws {
        try await AccountsSite.with(kind) { site in
            try await site.add("mia")
            let token = try await site.token("mia")
            let first = try await site.upload(Picture.sample("gray.png"), as: "image/png", token: token).text("avatar_url")
            let second = try await site.upload(Picture.sample("gray.png"), as: "image/png", token: token).text("avatar_url")
            #expect(first != second)
            #expect(try await site.load(first).status == 404)
            #expect(try await site.load(second).status == 200)
            // What names the picture keeps it, what names another removes it.
            let same = try await site.send(.patch, "/users/me", token: token, ["avatar_url": .string(second), "bio": "a"])
            #expect(same.status == 200 && same.text("avatar_url") == second)
            #expect(try await site.load(second).status == 200)
            let away = try await site.send(.patch, "/users/me", token: token, ["avatar_url": "https://elsewhere.test/a.png"])
            #expect(away.text("avatar_url") == "https://elsewhere.test/a.png")
            #expect(try await site.load(second).status == 404)
            let removed = try await site.send(.delete, "/users/me/avatar", token: token)
            #expect(removed.status == 200 && removed.json["avatar_url"] == .null)
            let twice = try await site.send(.delete, "/users/me/avatar", token: token)
            #expect(twice.status == 200 && twice.json == removed.json)
        }
    }

    @Test(arguments: TestDatabase.all) func whoGoesForGoodTakesThePictureAlong(_ kind: TestDatabase) async throws {
        try await AccountsSite.with(kind) { site in
            try await site.add("mia")
            let address = try await site.upload(
                Picture.sample("gray.png"), as: "image/png", token: try await site.token("mia")
            ).text("avatar_url")
            let gone = try await site.send(.delete, "/users/u_mia?hard=true", token: try await site.token("root"))
            #expect(gone.status == 204)
            #expect(try await site.load(address).status == 404)
            let rows = try await site.database.read { try $0.row("SELECT COUNT(*) FROM avatars")?.int(0) }
            #expect(rows == 0)
        }
    }

    @Test(arguments: TestDatabase.all) func aFormDoesAsWell(_ kind: TestDatabase) async throws {
        try await AccountsSite.with(kind) { site in
            try await site.add("mia")
            let token = try await site.token("mia")
            func form(_ body: [UInt8]) async throws -> AccountsSite.Answer {
                try await site.upload(body, as: "multipart/form-data; boundary=\"b\"", token: token)
            }
            let picture = Picture.sample("alpha.png")
            func part(_ name: String) -> [UInt8] {
                Array(
                    "--b\r\nContent-Disposition: form-data; name=\"\(name)\"; filename=\"../a.svg\"\r\nContent-Type: image/svg+xml\r\n\r\n"
                        .utf8)
                    + picture + Array("\r\n".utf8)
            }
            let end = Array("--b--\r\n".utf8)
            #expect(try await form(part("file") + end).status == 200)
            #expect(try await form(part("fi/le") + end).faults == ["/fi~1le unknown"])
            #expect(try await form(end).faults == ["/file required"])
            #expect(try await form(part("file")).code == "malformed")
            #expect(try await form(part("file") + part("file") + end).status == 413)
            let endless =
                Array("--b\r\nContent-Disposition: form-data; name=\"file\"\r\n\r\n".utf8) + [UInt8](repeating: 1, count: 8 << 20 + 99)
            #expect(try await form(endless).code == "content_too_large")
        }
    }

    @Test(arguments: TestDatabase.all) func whatIsNoPictureIsToldWithItsFault(_ kind: TestDatabase) async throws {
        try await AccountsSite.with(kind) { site in
            try await site.add("mia")
            let token = try await site.token("mia")
            func faults(_ bytes: [UInt8], _ query: String = "") async throws -> [String] {
                let answer = try await site.upload(bytes, as: "image/png", token: token, query: query)
                #expect(answer.status == 422)
                return answer.faults
            }
            let png = Picture.sample("gray.png")
            #expect(try await faults([]) == ["/file unknown_format"])
            #expect(try await faults(Array("<svg/>".utf8)) == ["/file unknown_format"])
            #expect(try await faults(Array(png.dropLast(300))) == ["/file damaged"])
            #expect(try await faults(Picture.bomb(width: 60_000, height: 60_000)) == ["/file too_many_pixels"])
            #expect(try await faults(png, "?x=20&y=0&size=32") == ["?size out_of_range"])
            #expect(try await faults(png, "?x=1") == ["?y required", "?size required"])
            #expect(try await faults(png, "?x=a&y=0&size=0") == ["?x out_of_range", "?size out_of_range"])
            #expect(try await faults(png, "?width=9") == ["?width unknown"])
            #expect(try await site.upload(png, as: "image/png", token: token, query: "?x=16&y=0&size=32").status == 200)
            #expect(try await site.upload(png, as: "application/json", token: token).status == 415)
            #expect(try await site.upload([UInt8](repeating: 0, count: 8 << 20 + 1), as: "image/png", token: token).status == 413)
        }
    }

    @Test(arguments: TestDatabase.all) func anotherPersonsNeedsTheRightAndTheRank(_ kind: TestDatabase) async throws {
        try await AccountsSite.with(kind) { site in
            for (name, roles) in [("mia", []), ("sam", ["role_staff"]), ("ada", ["role_admin"]), ("abe", ["role_admin"])] {
                try await site.add(name, roles: roles)
            }
            let png = Picture.sample("gray.png")
            func put(_ actor: String, _ target: String) async throws -> AccountsSite.Answer {
                try await site.upload(png, as: "image/png", token: try await site.token(actor), of: target)
            }
            #expect(try await put("ada", "u_mia").status == 200)
            #expect(try await put("ada", "u_abe").status == 403)
            #expect(try await put("ada", "u_root").status == 403)
            #expect(try await put("mia", "u_mia").status == 200)
            #expect(try await put("mia", "u_sam").status == 404)
            #expect(try await put("ada", "u_nobody").status == 404)
            let stranger = try await site.upload(png, as: "image/png", token: nil, of: "u_mia")
            #expect(stranger.status == 401)
            let taken = try await site.send(.delete, "/users/u_mia/avatar", token: try await site.token("ada"))
            #expect(taken.status == 200 && taken.json["avatar_url"] == .null)
            #expect(try await site.send(.delete, "/users/u_ada/avatar", token: try await site.token("mia")).status == 404)
        }
    }

    @Test(arguments: TestDatabase.all) func aStaleVersionChangesNothing(_ kind: TestDatabase) async throws {
        try await AccountsSite.with(kind) { site in
            try await site.add("mia")
            let token = try await site.token("mia")
            let png = Picture.sample("gray.png")
            #expect(try await site.upload(png, as: "image/png", token: token, headers: ["If-Match": "\"7\""]).status == 412)
            let good = try await site.upload(png, as: "image/png", token: token, headers: ["If-Match": "\"1\""])
            #expect(good.status == 200)
            let stale = try await site.send(.delete, "/users/me/avatar", token: token, headers: ["If-Match": "\"1\""])
            #expect(stale.status == 412)
            #expect(try await site.load(good.text("avatar_url")).status == 200)
        }
    }

    /// A body that has not ended holds the one slot of its person.
    @Test(arguments: TestDatabase.all) func onePersonUploadsOneAtATime(_ kind: TestDatabase) async throws {
        try await AccountsSite.with(kind) { site in
            try await site.add("mia")
            let token = try await site.token("mia")
            let body = HTTPBody()
            body.append(Picture.sample("gray.png"))
            async let first = site.upload([], as: "image/png", token: token, stream: body)
            // It has its slot when it reads.
            while body.buffered > 0 { try await Task.sleep(for: .milliseconds(5)) }
            let answer = try await site.upload(Picture.sample("gray.png"), as: "image/png", token: token)
            #expect(answer.status == 503 && answer.headers["Retry-After"] == "2")
            body.finish()
            #expect(try await first.status == 200)
            #expect(try await site.upload(Picture.sample("gray.png"), as: "image/png", token: token).status == 200)
        }
    }

    @Test func aBodyThatBreaksOffChangesNothing() async throws {
        try await AccountsSite.with(.sqlite) { site in
            try await site.add("mia")
            let token = try await site.token("mia")
            for (status, code) in [(0, "malformed"), (413, "content_too_large"), (408, "request_timeout")] {
                let body = HTTPBody()
                body.append(Picture.sample("gray.png"))
                body.cut(status)
                #expect(try await site.upload([], as: "image/png", token: token, stream: body).code == code)
            }
            #expect(try await site.send(.get, "/users/me", token: token).json["avatar_url"] == .null)
        }
    }
}

extension AccountsSite {
    /// What an address of this site gives to whoever is not signed in.
    fileprivate func load(_ path: String, headers: HTTPHeaders = [:]) async throws -> HTTPResponse {
        var headers = headers
        headers["Host"] = "site.test"
        return try await respond(HTTPRequest(method: .get, target: path, headers: headers))
    }

    fileprivate func upload(
        _ bytes: [UInt8], as type: String, token: String?, of user: String = "me", query: String = "", headers: HTTPHeaders = [:],
        stream: HTTPBody? = nil
    ) async throws -> Answer {
        var headers = headers
        headers["Content-Type"] = type
        headers["Host"] = "site.test"
        if let token { headers["Authorization"] = "Bearer \(token)" }
        var request = HTTPRequest(
            method: .put, target: "/api/v1/users/\(user)/avatar\(query)", headers: headers, body: bytes, remoteAddress: "192.0.2.1")
        request.bodyStream = stream
        let response = try await respond(request)
        return Answer(status: response.status, json: try JSONParser.parse(response.body), headers: response.headers)
    }
}

extension JSON {
    fileprivate func text(_ name: String) -> String { self[name]?.string ?? "" }
}
