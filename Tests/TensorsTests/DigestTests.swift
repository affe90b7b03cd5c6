// Digests: SHA-256 by its known answers, and the pinned digests of values. A change here is a new cache format.

import Tensors
import Testing

struct DigestTests {
    @Test func knownAnswers() {
        #expect(Digest(of: [UInt8]()).hex == "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855")
        #expect(Digest(of: Array("abc".utf8)).hex == "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad")
        var hasher = Hasher256()
        for _ in 0..<1000 { hasher.update(Array(repeating: UInt8(ascii: "a"), count: 1000)) }
        #expect(hasher.finish().hex == "cdc76e5c9914fb9281a1c7e284d73e67f1809a48a497200e046d39ccc7112cd0")
    }

    @Test func bytesAndHexComeBack() throws {
        let digest = Digest(of: Array("abc".utf8))
        #expect(Digest(bytes: digest.bytes) == digest)
        #expect(digest.bytes.withUnsafeBytes { Digest(bytes: $0) } == digest)
        #expect(Digest(hex: digest.hex) == digest)
        #expect(Digest(hex: digest.hex.uppercased()) == nil)
        #expect(Digest(bytes: digest.bytes.dropLast()) == nil)
        #expect(digest.bytes.prefix(3) == [0xBA, 0x78, 0x16])
        #expect(digest.words.0 == 0xBA78_16BF_8F01_CFEA)
        var appended: [UInt8] = [1]
        digest.append(to: &appended)
        #expect(appended == [1] + digest.bytes)
    }

    @Test func theirOrderIsThatOfTheirBytes() {
        let digests = (0..<50).map { Digest(of: .int($0)) }
        #expect(digests.sorted() == digests.sorted { $0.bytes.lexicographicallyPrecedes($1.bytes) })
    }

    @Test func theDigestsOfValuesArePinned() {
        let tensor = Tensor(
            .float32([1, 2.5, -3, 0]), shape: [2, 2], axes: ["time", "feature"], labels: ["feature": ["a", "b"]],
            attributes: ["sample_rate": .int(22050)])
        let bundle = Bundle(tensors: ["mean": tensor], scalars: ["n": .int(3), "name": .string("x")])
        #expect(tensor.payloadDigest.hex == "df63bbb63ee7c2095d144d911b3351b7cd59c9a91604a1981dbedce7f272e443")
        #expect(Value.tensor(tensor).digest.hex == "f16f408b08585067aa8ff7458407f92ef8e72bdce92400e04d4b861112cbf982")
        #expect(Value.bundle(bundle).digest.hex == "99325d6503c53f1a3cc98e695b269f4762be039efa6373889822a4093eef09f4")
        #expect(Value.nothing.digest.hex == "b0b2988b6bbe724bacda5e9e524736de0bc7dae41c46b4213c50e1d35d4e5f13")
    }

    @Test func allOfATensorIsInItsDigest() {
        func digest(
            _ elements: Elements = .float32([1, 2]), shape: [Int] = [2], axes: [String] = ["x"],
            labels: [String: [String]] = [:], attributes: [String: Scalar] = [:]
        ) -> Digest {
            Tensor(elements, shape: shape, axes: axes, labels: labels, attributes: attributes).digest
        }
        let digests = [
            digest(), digest(.float32([1, 3])), digest(.int32([1, 2])), digest(shape: [1, 2], axes: ["y", "x"]),
            digest(axes: ["y"]), digest(labels: ["x": ["a", "b"]]), digest(labels: ["x": ["ab", ""]]),
            digest(attributes: ["x": .int(1)]), digest(attributes: ["x": .float(1)]), digest(.float32([1, -2])),
        ]
        #expect(Set(digests).count == digests.count)
        #expect(digest(.float32([0, 1])) != digest(.float32([-0.0, 1])), "elements are taken bit by bit")
    }

    @Test func valuesComeBackFromTheirStoredForm() {
        let tensor = Tensor(
            .complex64([Complex64(1, 2)]), shape: [1, 1], axes: ["time", "f"], labels: ["f": ["a"]],
            attributes: ["m": .missing, "b": .bool(true), "s": .string("é")])
        let back = tensor.elements.withBytes { Tensor(header: tensor.header, payload: $0) }
        #expect(back == tensor)
        let bundle = Bundle(
            tensors: ["t": tensor, "empty": Tensor(.bool([]), shape: [0], axes: ["x"])],
            scalars: ["n": .float(.infinity)])
        #expect(Bundle(bundle.canonical) == bundle)
        #expect(Canonical(encoded: bundle.canonical.encoded()).flatMap { Bundle($0) } == bundle)
    }
}
