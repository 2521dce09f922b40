/// Writes CSV files (RFC 4180) whose cells no spreadsheet takes for formulas.
public enum CSV {
    /// Tells spreadsheets that the file is UTF-8.
    public static let byteOrderMark: [UInt8] = [0xEF, 0xBB, 0xBF]

    /// One line with its line end. An apostrophe is put before each cell that would be a formula.
    public static func row(_ cells: [String]) -> [UInt8] {
        var bytes: [UInt8] = []
        for (index, cell) in cells.enumerated() {
            if index > 0 { bytes.append(UInt8(ascii: ",")) }
            append(cell, to: &bytes)
        }
        return bytes + [0x0D, 0x0A]
    }

    /// The text of a cell that `row` wrote, without the apostrophe that it may have put before it.
    public static func plain(_ cell: String) -> String {
        let scalars = cell.unicodeScalars
        guard scalars.first == "'", isFormula(scalars.dropFirst()) else { return cell }
        return String(scalars.dropFirst())
    }

    private static func isFormula(_ scalars: some Sequence<Unicode.Scalar>) -> Bool {
        scalars.first { !$0.properties.isWhitespace || $0 == "\t" || $0 == "\r" || $0 == "\n" }.map(begins) ?? false
    }

    private static func append(_ cell: String, to bytes: inout [UInt8]) {
        let isFormula = isFormula(cell.unicodeScalars)
        let isQuoted = isFormula || cell.utf8.contains { [0x22, 0x2C, 0x0A, 0x0D].contains($0) }
        guard isQuoted else {
            bytes += Array(cell.utf8)
            return
        }
        bytes.append(UInt8(ascii: "\""))
        if isFormula { bytes.append(UInt8(ascii: "'")) }
        for byte in cell.utf8 {
            if byte == UInt8(ascii: "\"") { bytes.append(byte) }
            bytes.append(byte)
        }
        bytes.append(UInt8(ascii: "\""))
    }

    /// Whether a cell that begins with this character may be a formula; full-width forms included.
    private static func begins(_ scalar: Unicode.Scalar) -> Bool {
        ["=", "+", "-", "@", "\t", "\r", "\n", "|", "＝", "＋", "－", "＠"].contains(scalar)
    }
}
