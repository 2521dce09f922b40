import HTTP
import HostileInputs
import Seeded
import Testing

/// What a parser made of a whole form; content that came in pieces is put together, so that two runs can be compared.
private func transcript(
    _ pieces: [ArraySlice<UInt8>], type: String = "multipart/form-data; boundary=b", limits: MultipartParser.Limits = .init()
) -> [String] {
    var lines: [String] = []
    var content: [UInt8] = []
    do {
        var parser = try MultipartParser(contentType: type, limits: limits)
        func drain() {
            while let event = parser.next() {
                if case .piece(let piece) = event {
                    content += piece
                    continue
                }
                if !content.isEmpty { lines.append("{\(String(decoding: content, as: UTF8.self))}") }
                content = []
                switch event {
                case .part(let part): lines.append("part \(part.name) \(part.mediaType ?? "-") \(part.isFile)")
                case .piece: break
                case .partEnd: lines.append("part end")
                case .end: lines.append("end")
                case .failed(let failure): lines.append("failed \(failure.status) \(failure.reason)")
                }
            }
        }
        for piece in pieces {
            parser.append(Array(piece))
            drain()
            #expect(parser.bufferedBytes <= limits.headerBlock)
        }
        parser.finish()
        drain()
    } catch {
        lines.append("failed \(error.status) \(error.reason)")
    }
    return lines
}

private func transcript(_ text: String, limits: MultipartParser.Limits = .init()) -> [String] {
    transcript([Array(text.utf8)[...]], limits: limits)
}

@Suite struct MultipartParserTests {
    static let good: [(text: String, lines: [String])] = [
        (
            "--b\r\nContent-Disposition: form-data; name=\"a\"\r\n\r\nhello\r\n--b--\r\n",
            ["part a - false", "{hello}", "part end", "end"]
        ),
        ("--b--\r\n", ["end"]),
        (
            // No line break at the end, a name as a token, names in any case, fields nobody knows.
            "--b\r\ncontent-DISPOSITION:form-data ;\tName=a; other=\"x;y\"\r\nX-Odd: 1\r\nContent-Transfer-Encoding: 8BIT\r\n\r\n\r\n--b--",
            ["part a - false", "part end", "end"]
        ),
        (
            // The file's name is passed over, in each of its forms, and so is what a name would mean on a disk.
            "--b\r\nContent-Disposition: form-data; name=\"été\"; filename=\"..\\..\\é;\u{202E}.png\"; filename*=utf-8''%2e%2e\r\n"
                + "Content-Type: IMAGE/png; x=y\r\n\r\n\r\n\r\n\r\n--b\r\nContent-Disposition: form-data; name=\"été\"; filename=\"\"\r\n\r\n--\r\n-\r\n--b--\r\n",
            ["part été image/png true", "{\r\n\r\n}", "part end", "part été - true", "{--\r\n-}", "part end", "end"]
        ),
        (
            // What nearly is a boundary.
            "--b\r\nContent-Disposition: form-data; name=\"a\"\r\n\r\nx--b\r\n-\r\n--\r\r\n--B\n--a\r\n --b--\r\r\n--b--\r\n",
            ["part a - false", "{x--b\r\n-\r\n--\r\r\n--B\n--a\r\n --b--\r}", "part end", "end"]
        ),
    ]

    @Test func readsWhatIsAllowed() {
        for (text, lines) in Self.good { #expect(transcript(text) == lines) }
    }

    @Test(arguments: HostileForm.all) func refuses(_ hostile: HostileForm) {
        let last = transcript([hostile.bytes[...]], type: hostile.contentType).last
        #expect(last?.hasPrefix("failed \(hostile.status) ") == true, "\(last ?? "nothing")")
    }

    @Test func takesAnyBoundaryThatIsAllowed() {
        for boundary in ["----WebKitFormBoundaryAb12", "\"a'()+_,-./:=?b\"", "-", String(repeating: "b", count: 70)] {
            let bare = boundary.filter { $0 != "\"" }
            let text = "--\(bare)\r\nContent-Disposition: form-data; name=\"a\"\r\n\r\nx\r\n--\(bare)--\r\n"
            let lines = transcript([Array(text.utf8)[...]], type: "Multipart/Form-Data; charset=utf-8; BOUNDARY=\(boundary)")
            #expect(lines == Self.good[0].lines.map { $0.replacing("hello", with: "x") }, "\(boundary)")
        }
    }

    @Test func wantsOneContentType() throws {
        let form = ("Content-Type", "multipart/form-data; boundary=b")
        func request(_ fields: [(String, String)]) -> HTTPRequest {
            var request = HTTPRequest(method: .post, target: "/")
            for (name, value) in fields { request.headers.append(name, value) }
            return request
        }
        _ = try MultipartParser(of: request([form]))
        #expect(throws: HTTPFailure(415, "a form is expected")) { try MultipartParser(of: request([])) }
        #expect(throws: HTTPFailure(400, "Content-Type is repeated")) { try MultipartParser(of: request([form, form])) }
    }

    @Test func holdsItsLimits() {
        var limits = MultipartParser.Limits()
        let text = Self.good[3].text
        limits.total = text.utf8.count
        #expect(transcript(text, limits: limits) == Self.good[3].lines)
        limits.total -= 1
        #expect(transcript(text, limits: limits).last == "failed 413 the form is too long")
        limits = MultipartParser.Limits()
        limits.parts = 2
        #expect(transcript(text, limits: limits).last == "end")
        limits.parts = 1
        #expect(transcript(text, limits: limits).last == "failed 413 the form has too many parts")
        limits = MultipartParser.Limits()
        limits.headerBlock = "Content-Disposition: form-data; name=\"a\"\r\n\r\n".utf8.count
        #expect(transcript(Self.good[0].text, limits: limits).last == "end")
        limits.headerBlock -= 1
        #expect(transcript(Self.good[0].text, limits: limits) == ["failed 400 a part's head is too long"])
        limits = MultipartParser.Limits()
        limits.name = 5
        #expect(transcript(text, limits: limits).last == "end")
        limits.name = 4
        #expect(transcript(text, limits: limits).last == "failed 400 a part's name is too long")
    }

    /// The memory of a large part is what arrives at once, not what the part has.
    @Test func holdsNoContent() throws {
        var limits = MultipartParser.Limits()
        limits.total = 64 << 20
        var parser = try MultipartParser(contentType: "multipart/form-data; boundary=b", limits: limits)
        parser.append(Array("--b\r\nContent-Disposition: form-data; name=\"a\"\r\n\r\n".utf8))
        var count = 0
        for _ in 0..<256 {
            parser.append([UInt8](repeating: 0x2D, count: 64 << 10))
            while let event = parser.next() { if case .piece(let piece) = event { count += piece.count } }
            #expect(parser.bufferedBytes < 8)
        }
        #expect(count > 16 << 20 - 8)
    }

    @Test func anyOneSplitGivesTheSame() {
        let forms = Self.good.map { (Array($0.text.utf8), "multipart/form-data; boundary=b") }
        for (bytes, type) in forms + HostileForm.all.map({ ($0.bytes, $0.contentType) }) where bytes.count < 1000 {
            let whole = transcript([bytes[...]], type: type)
            for cut in 0...bytes.count {
                #expect(
                    transcript([bytes[..<cut], bytes[cut...]], type: type) == whole,
                    "\(String(decoding: bytes, as: UTF8.self).debugDescription) cut at \(cut)")
            }
            #expect(transcript(bytes.indices.map { bytes[$0...$0] }, type: type) == whole)
        }
    }

    @Test func randomSplitsOfRandomDamageGiveTheSame() {
        let seed = UInt64.random(in: 0 ... .max)
        var random = SeededRandom(seed)
        var limits = MultipartParser.Limits()
        (limits.parts, limits.headerBlock, limits.headerCount, limits.name, limits.total) = (2, 160, 3, 8, 400)
        for _ in 0..<3000 {
            var bytes = Array((Self.good.randomElement(using: &random)?.text ?? "").utf8)
            for _ in 0..<Int.random(in: 0...3, using: &random) {
                let at = Int.random(in: 0..<bytes.count, using: &random)
                switch Int.random(in: 0..<4, using: &random) {
                case 0: bytes[at] = UInt8.random(in: 0...255, using: &random)
                case 1: bytes.remove(at: at)
                case 2: bytes.insert(contentsOf: [13, 10, 45, 98].shuffled(using: &random).prefix(2).map { UInt8($0) }, at: at)
                default: bytes.insert(contentsOf: Array("\r\n--b".utf8), at: at)
                }
            }
            #expect(
                transcript(random.split(bytes), limits: limits) == transcript([bytes[...]], limits: limits),
                "seed \(seed): \(String(decoding: bytes, as: UTF8.self).debugDescription)")
        }
    }
}
