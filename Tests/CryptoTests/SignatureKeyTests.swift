import Crypto
import Kernel
import Testing

/// Signatures of another implementation (OpenSSL by way of Python's cryptography), and keys that are none.
@Suite struct SignatureKeyTests {
    private static let message = Array("signed by another implementation".utf8)

    /// Public members of each key.
    private static let keys: [String: JSONObject] = [
        "rsa": [
            "kty": .string(
                "RSA"),
            "n": .string(
                "uRwgFZApAm_h2XTNcxec4xEzhBkG4d4y6Xyby4nHBZUM9GoxboO4qJ_rP0dlSJxFlhnEw7kmEKcubeLNiBgQGH5tMUkCRAwxUAg7"
                    + "6T4axZgxl40jIgN3ytzoogHw3MqSvOIryhKNJIOn3jAd-dXBIkqnt8MSx2dHZOVv2rlTV6im9RfJ0L6QuQf-2_2NCBOXWOmcoxmT"
                    + "ShCPVZ4vHMg_aTmOkEI66abFxyQuWOolYOsDRgp8_4xJ1CQ8uk6IIPzIIn6VmEx1XNLX_cP3cgmuAAUcobDmp0o3TBcm8RA8dGHR"
                    + "dhLj8zDPTQQL-eMDyk6F0FK-4utF7iXbPa7Fd9Ge2w"),
            "e": .string(
                "AQAB"),
        ],
        "P-256": [
            "kty": .string(
                "EC"),
            "crv": .string(
                "P-256"),
            "x": .string(
                "MusvXuW3MAaYQcQGBABZZ2y6nP_nMS43HSSxD-jd-_k"),
            "y": .string(
                "PZw1YJ_chdVZFAM76K_fzlXbiPZlIAR-IAZQBgPMhTA"),
        ],
        "P-384": [
            "kty": .string(
                "EC"),
            "crv": .string(
                "P-384"),
            "x": .string(
                "Ixr3dWPdaexiNfXobIkb9pwxZCoWXHbR3nVtLiIWRAVz0ikuLARmbNplkPV80ZTi"),
            "y": .string(
                "Gb2QhSjM2qTrNbhHRmBrkis8UgeYo3tEStBQWTsqj1-F5AQWU9o2OZJWCEdYeOGH"),
        ],
        "P-521": [
            "kty": .string(
                "EC"),
            "crv": .string(
                "P-521"),
            "x": .string(
                "AFUImoDL4xIk89KAGFWs3iWqjmCNLimqvZyRpibZYBYfRfrPDgRR3Vx4aukGkSvgIhj5fQLd030XJxeTTZo3PXiD"),
            "y": .string(
                "AOM9wVG_y0KwPp_yN-V6yOddt6rU05K0AGb3teJpJlqd9dUGOirT3mw9M6C4SYhJfpwyfRX2hoBN-qH33lWng7XF"),
        ],
        "Ed25519": [
            "kty": .string(
                "OKP"),
            "crv": .string(
                "Ed25519"),
            "x": .string(
                "Zk7Ldmzn411KNf_vdqH6eBpmPEGdYMZhmYaRC31vnWQ"),
        ],
    ]

    private static let signatures: [(algorithm: SignatureAlgorithm, key: String, text: String)] = [
        (
            .rs256, "rsa",
            "iCOVmzG9BY4M62kVUV2GYO9qgp9cpLQExxIsdYAdcReC4MrVLGFIj6XGpgALCDeQN-iNeXxT62wDAOgBmJ_bRzZVSjEfQv10SgVN"
                + "-BPkno1ywJLIVYJIjHpcOXo8WDrNyIFtV_r2SaAnMOIx2XfUM4xEzNIw5Sla2_AzcU1evupNjV4JlSIMfdUunfeUmpixJTHSSzo3"
                + "4MZYZcHWTMJ9Jbi6iVc7cclnbes4zrFESRDYFG1ikpkCduqXvjbOPQO5A236ZiJ1RjBZhTbNE2ISA2IfWFqqETSSuisyEU5vDHY6"
                + "6qEzhIDxyYFo1AXRjVEvzh-NGmj_xR41FdtyZ6eFkg"
        ),
        (
            .ps256, "rsa",
            "m2NTxIeCJjLenrcIV4J0ikSxu7kGqSYb7v9-yzhk96d623QWMB-B20TL8PIxY3jzWl9AGShCD8X04fPnkijEyycCh1KPjvAvJ5J3"
                + "K_3dV2yPqf6TIAI_sB9GPsUMdTjyejyqKDXLq9jLgbjNDp4Gaq95myum9TiKKOlCTeG0ouq62nWqPbBNwX8AF96-DAW2NiHopEBD"
                + "jZq2i3e9eYL756CcWbBk_6VmkMK8TTLa0eEuIAP5Dh2WyzaCxebZPQVIoXEZROwcDYGFN6dfQBtYOHKwIfMcipu9x6-3EPfue4Ut"
                + "nG2pPbCbrgjsx63PFkaTNEhuTKnErioUtjntv4Ahng"
        ),
        (
            .rs384, "rsa",
            "sWHuSijPDBA_exWsg01zuJhoqpYCfgVrt8gG7osVifemkUDZCT5qZRWUqUncbnUO86MEiqiUFDUcE1A7EmEnG7BFW-DkKGgFqpbD"
                + "_dRF2pu1g5kGRV63ztriA_Si9uVf5cqYh0m_ts5MSXWLX5EVpQZRV4L4KD8O_-UWxkMszrY-ntTx3HZgt58G6OVp9wlDNPlJHCpK"
                + "ZDNqGBn21uDo3DzpDeG6VasXYJJxZULh4bB1GoCLejgIwLvVcrbNBeoiCf0gTPmORHSlPyhtvFlddaFdI14svY7j7fSgR-Im1kSV"
                + "wiI-YdzB60rNf55mGQYtKDwfgMuZAFdP1jZ6JjIPlw"
        ),
        (
            .ps384, "rsa",
            "N680B9TM7_knjc6RxqyHOCNLxzS9WzobHKNI9bZR_Np_JksAZnWqEVvEpPj7pNJYe0jFbfj6JuFr_BmH0xqTJ-O1C3zEHSSMt9hD"
                + "r84uW3EV_BARq1UXTFiiQmHiT7IsM6hyzV2ikhr4nuwQUHEU8B6TVQ-aCTmR1xBdeJ-NGLhJk5rGILub-495HU898V_mdC1f0a0e"
                + "zABX9lNjymlNoY3SYErhlx3qMGh_HAunp8aLPa0g5KhUjLNp3GGBgO0nU7Iw6oLLKBf8nTLe3nFvAdtNVk5jv8HZskSbuWS1o-j1"
                + "GnGZM1NoFeSM9jU61iqr6Qot5U0RTKGHb9MmeL0L3Q"
        ),
        (
            .rs512, "rsa",
            "Lm89Lc4UVFgLHVYcgYlsepYjaVsBUKyy2OvNyFsKvTmj7ktYhCLGy5r8fEng4jpjpuKwf2rbW5Og7fobLI3UpD5gnPrxDCnHAy8Q"
                + "6Eh9CQ_HxqXKXHjODotx6bPUbmtCwdafoyU6kQjdN2js9a82l7WhKNsRTMqMvaOYKRCZe1LI2pK8G7VZaYCVMqUWKkAADk5bcBeK"
                + "AY-EbO6PinXs-84zBf-8fQNXM-r7Zlya2ABEefG1JbDTDYRf9fbVjjifxm9E6SPhkiK2AusvgxgghZ043IJuTe913TvfEZaj7-8W"
                + "unkxFG2Q3mzxFUZuOv-qqHPoKsbu04fUtAva-5meqA"
        ),
        (
            .ps512, "rsa",
            "pJGtSGGxnBVJu2zNYOamEwU8d7Di_C9pKOw_9srQPyKrAwBjk9r3P4VTZuH9nwaUnjH5xvKizMP4cVp6Jmgl-UkZVjJD1Y4WY_Kk"
                + "LUH1D86ZwU0sD_552bafcVASk-uBoJNWiJHsEVZ9SrWf3n9jbs8_kgXHvi8yHgctGnvXAJ_kMa6b9YFrUjKyHA-OihH6jPKzhGe9"
                + "vDcke-QGTzmWXvNVId5H0uUdsva4Omd4nGSGRJ1rTKfWhKMBokEcYL4JVcZllvZiVoafuIlpC-oIeN7Y5zWogaJtsvOrq6TNL57u"
                + "OMvSKRUJ8aCr1zELGD-1tUEiOeXKBw6BtnpagFyzRA"
        ),
        (
            .es256, "P-256",
            "TR226pHmd1FvpJubZ9NuiBHRAi8qGvi4cshRxkAhrfDl4p0y6n0CBCXWFoqMPtEhseK7qYt84mLXgePrJZC8ag"
        ),
        (
            .es384, "P-384",
            "wkI7HPmk-AdDStCTO5SHzztmQ-qSRDTWS1LH2Xrg6rZbfoqaElt5FIfFg6ez0xoK2Jg7TTatlQd-L2TNx3SWOy1ebVpf0x6lJGBl"
                + "NTdY5SL0qj4t755sdV_Tza6XVykJ"
        ),
        (
            .es512, "P-521",
            "AG2ADsHR7L89OO_2K53AC61MZ-yYbmYeokfIbjetDAJR03nPL5zi2VDQf6w7HR5FJngytM2x6r_OJ6qnSeJH_p-LAQ-l2MhRBZu5"
                + "qExxbaTPbadttueuIgJoHB5J5RjB4dI-2J7e047GIOX2Uz6Zk_pm0HW2EYl0r9V8Z5t1Dh7-UayF"
        ),
        (
            .edDSA, "Ed25519",
            "ZI8wKMo_ajVEWnBVrXhmTBgcScw27Z56x9m9vChj8s7AQwwk1pumJM0au1LUqvBLGNgHH1cuayXdxqxOw9dlBw"
        ),
    ]

    private static func key(_ name: String, _ change: (inout JSONObject) -> Void = { _ in }) throws -> SignatureKey {
        var jwk = try #require(keys[name])
        change(&jwk)
        return try SignatureKey(jwk: jwk)
    }

    @Test func eachAlgorithmIsChecked() throws {
        #expect(Set(Self.signatures.map(\.algorithm)) == Set(SignatureAlgorithm.allCases))
        for (algorithm, name, text) in Self.signatures {
            let (key, signature) = (try Self.key(name), try #require(Base64URL.decode(text)))
            #expect(key.isValid(signature, for: Self.message, by: algorithm), "\(algorithm)")
            #expect(!key.isValid(signature, for: Self.message + [0], by: algorithm), "\(algorithm)")
            var changed = signature
            changed[signature.count / 2] ^= 1
            #expect(!key.isValid(changed, for: Self.message, by: algorithm), "\(algorithm)")
            #expect(!key.isValid(Array(signature.dropLast()), for: Self.message, by: algorithm), "\(algorithm)")
            #expect(!key.isValid([], for: Self.message, by: algorithm), "\(algorithm)")
            for other in SignatureAlgorithm.allCases where other != algorithm {
                #expect(!key.isValid(signature, for: Self.message, by: other), "\(algorithm) taken for \(other)")
            }
        }
        // Zeros are no signature of any curve.
        for (name, size) in [("P-256", 64), ("P-384", 96), ("P-521", 132)] {
            let zeros = [UInt8](repeating: 0, count: size)
            for algorithm in [SignatureAlgorithm.es256, .es384, .es512] {
                #expect(try !Self.key(name).isValid(zeros, for: Self.message, by: algorithm))
            }
        }
    }

    @Test func aKeyIsForWhatItSays() throws {
        #expect(try Self.key("rsa") { $0["alg"] = "PS256" }.fits(.ps256))
        #expect(try !Self.key("rsa") { $0["alg"] = "PS256" }.fits(.rs256))
        #expect(try Self.key("P-256") { $0["kid"] = "one" }.name == "one")
        #expect(throws: CryptoError.invalidKey) { try Self.key("rsa") { $0["use"] = "enc" } }
        #expect(throws: CryptoError.invalidKey) { try Self.key("rsa") { $0["key_ops"] = ["sign"] } }
    }

    @Test func whatIsNoKeyIsRefused() throws {
        let short = Base64URL.encode([0xC1] + [UInt8](repeating: 1, count: 127))
        let long = Base64URL.encode([0xC1] + [UInt8](repeating: 1, count: 1024))
        let zeros = Base64URL.encode([UInt8](repeating: 0, count: 32))
        let spoiled: [(String, (inout JSONObject) -> Void)] = [
            ("rsa", { $0["n"] = .string(short) }), ("rsa", { $0["n"] = .string(long) }), ("rsa", { $0["n"] = nil }),
            ("rsa", { $0["n"] = "not base64!" }), ("rsa", { $0["e"] = "AQ" }), ("rsa", { $0["e"] = "AQAA" }),
            ("rsa", { $0["e"] = "AQAAAAAB" }), ("rsa", { $0["kty"] = "oct" }), ("rsa", { $0["kty"] = nil }),
            ("P-256", { $0["crv"] = "P-384" }), ("P-256", { $0["crv"] = "secp256k1" }), ("P-256", { $0["x"] = .string(zeros) }),
            ("P-256", { $0["y"] = $0["x"] }), ("P-521", { $0["x"] = .string(zeros) }), ("Ed25519", { $0["crv"] = "X25519" }),
            ("Ed25519", { $0["x"] = "AAAA" }),
        ]
        for (index, (name, change)) in spoiled.enumerated() {
            #expect(throws: CryptoError.invalidKey, "\(index)") { try Self.key(name, change) }
        }
    }

    @Test func digestsAreThoseOfTheAlgorithm() {
        let abc = Array("abc".utf8)
        #expect(SignatureAlgorithm.ps256.digest(abc) == SHA256.digest(abc))
        #expect(Hex.encode(SignatureAlgorithm.es384.digest(abc)).hasPrefix("cb00753f45a35e8bb5a03d699ac65007272c32ab0eded163"))
        #expect(Hex.encode(SignatureAlgorithm.edDSA.digest(abc)).hasPrefix("ddaf35a193617abacc417349ae20413112e6fa4e89a97ea2"))
    }
}
