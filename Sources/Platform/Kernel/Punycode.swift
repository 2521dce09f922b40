/// Letters of any script as ASCII (RFC 3492), as the labels of internationalised domain names are written.
public enum Punycode {
    private static let (base, tMin, tMax, skew, damp): (Int, Int, Int, Int, Int) = (36, 1, 26, 38, 700)
    private static let (initialBias, initialN): (Int, Int) = (72, 128)
    /// Of what is encoded or decoded: a label has at most 63 bytes, and the work grows with the square of the length.
    public static let maximumLength = 256

    /// Nil for what is too long.
    public static func encode(_ scalars: some Sequence<Unicode.Scalar>) -> String? {
        let input = scalars.map { Int($0.value) }
        guard input.count <= maximumLength else { return nil }
        var output = input.filter { $0 < 0x80 }.map { UInt8($0) }
        let basic = output.count
        if basic > 0 { output.append(UInt8(ascii: "-")) }
        var (n, delta, bias, handled) = (initialN, 0, initialBias, basic)
        while handled < input.count {
            guard let next = input.filter({ $0 >= n }).min() else { return nil }
            delta += (next - n) * (handled + 1)
            n = next
            for code in input {
                if code < n { delta += 1 }
                guard code == n else { continue }
                append(delta, bias, to: &output)
                bias = adapt(delta, handled + 1, isFirst: handled == basic)
                delta = 0
                handled += 1
            }
            delta += 1
            n += 1
        }
        return String(own: output)
    }

    /// Nil for what nothing is encoded as.
    public static func decode(_ text: String) -> [Unicode.Scalar]? {
        let bytes = Array(text.utf8)
        guard bytes.count <= maximumLength, bytes.allSatisfy({ $0 < 0x80 }) else { return nil }
        let delimiter = bytes.lastIndex(of: UInt8(ascii: "-"))
        var output = bytes[..<(delimiter ?? 0)].map { Unicode.Scalar($0) }
        var index = delimiter.map { $0 + 1 } ?? 0
        var (n, i, bias) = (initialN, 0, initialBias)
        while index < bytes.count {
            let old = i
            guard let delta = readNumber(bytes, &index, bias), i + delta < 1 << 40 else { return nil }
            i += delta
            bias = adapt(i - old, output.count + 1, isFirst: old == 0)
            n += i / (output.count + 1)
            i %= output.count + 1
            guard n <= 0x10FFFF, let scalar = Unicode.Scalar(UInt32(n)) else { return nil }
            output.insert(scalar, at: i)
            i += 1
        }
        return output
    }

    /// A variable-length integer (§3.3).
    private static func append(_ number: Int, _ bias: Int, to output: inout [UInt8]) {
        var (q, k) = (number, base)
        while true {
            let t = threshold(k, bias)
            if q < t { break }
            output.append(digit(t + (q - t) % (base - t)))
            q = (q - t) / (base - t)
            k += base
        }
        output.append(digit(q))
    }

    private static func readNumber(_ bytes: [UInt8], _ index: inout Int, _ bias: Int) -> Int? {
        var (number, weight, k) = (0, 1, base)
        while true {
            guard index < bytes.count, let digit = value(bytes[index]), weight < 1 << 32 else { return nil }
            index += 1
            number += digit * weight
            let t = threshold(k, bias)
            if digit < t { return number }
            weight *= base - t
            k += base
        }
    }

    private static func threshold(_ k: Int, _ bias: Int) -> Int { min(max(k - bias, tMin), tMax) }

    private static func adapt(_ delta: Int, _ count: Int, isFirst: Bool) -> Int {
        var (delta, k) = (isFirst ? delta / damp : delta / 2, 0)
        delta += delta / count
        while delta > (base - tMin) * tMax / 2 {
            delta /= base - tMin
            k += base
        }
        return k + (base - tMin + 1) * delta / (delta + skew)
    }

    private static func digit(_ value: Int) -> UInt8 { UInt8(value < 26 ? value + 0x61 : value - 26 + 0x30) }

    private static func value(_ byte: UInt8) -> Int? {
        switch byte {
        case UInt8(ascii: "a")...UInt8(ascii: "z"): Int(byte) - 0x61
        case UInt8(ascii: "A")...UInt8(ascii: "Z"): Int(byte) - 0x41
        case UInt8(ascii: "0")...UInt8(ascii: "9"): Int(byte) - 0x30 + 26
        default: nil
        }
    }
}
