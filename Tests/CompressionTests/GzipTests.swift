import Compression
import Glibc
import Testing

@Suite struct GzipTests {
    /// Read by the system's own `gzip`.
    @Test(arguments: [0, 1, 1000, 1 << 20]) func isWhatGzipReads(_ count: Int) throws {
        let bytes = (0..<count).map { UInt8(truncatingIfNeeded: $0 / 7) }
        var path = Array("/tmp/foyer-gzip-XXXXXX".utf8CString)
        let descriptor = mkstemp(&path)
        let name = path.withUnsafeBufferPointer { String(cString: $0.baseAddress!) }
        defer { unlink(name) }
        let packed = Deflater.gzip(bytes)
        #expect(write(descriptor, packed, packed.count) == packed.count)
        close(descriptor)
        let pipe = try #require(popen("gzip -dc < \(name)", "r"))
        var read = [UInt8](repeating: 0, count: count + 1)
        let length = fread(&read, 1, read.count, pipe)
        #expect(pclose(pipe) == 0)
        #expect(length == count && read.prefix(count).elementsEqual(bytes))
    }
}
