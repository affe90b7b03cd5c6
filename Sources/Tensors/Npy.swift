// numpy's .npy files, format versions 1.0 to 3.0 read and 1.0 written. Axes, labels and attributes have no place in
// that format: a tensor read from it gets the axis names that the reader asks for.

/// Why bytes are not a `.npy` file that can be read.
public enum NpyError: Error, Sendable, Hashable {
    case notNpy
    case unsupportedVersion(Int)
    case badHeader(String)
    case unsupportedType(String)
    case fortranOrder
    case wrongLength(expected: Int, got: Int)
}

extension NpyError: CustomStringConvertible {
    public var description: String {
        switch self {
        case .notNpy: "this is not a .npy file: it does not begin with \\x93NUMPY"
        case .unsupportedVersion(let version): ".npy format version \(version) is not known; versions 1 to 3 are"
        case .badHeader(let header): "the .npy header cannot be read: \(header)"
        case .unsupportedType(let descriptor):
            "the element type \(descriptor) is not supported; supported are "
                + ElementType.allCases.map(\.npyDescriptor).joined(separator: " ") + " (save with .astype first)"
        case .fortranOrder: "the array is in Fortran order; save numpy.ascontiguousarray(array) instead"
        case .wrongLength(let expected, let got):
            "the header declares \(expected) bytes of elements, but the file has \(got): it is cut short or damaged"
        }
    }
}

/// Reading and writing `.npy`.
public enum Npy {
    /// The bytes that precede the elements in a file of this type and shape.
    public static func header(type: ElementType, shape: [Int]) -> [UInt8] {
        let sizes = shape.map(String.init).joined(separator: ", ") + (shape.count == 1 ? "," : "")
        var text = "{'descr': '\(type.npyDescriptor)', 'fortran_order': False, 'shape': (\(sizes)), }"
        // The elements begin at a multiple of 64, after a newline.
        let unpadded = 10 + text.utf8.count + 1
        text += String(repeating: " ", count: (64 - unpadded % 64) % 64) + "\n"
        let length = text.utf8.count
        return [0x93] + Array("NUMPY".utf8) + [1, 0, UInt8(length & 0xFF), UInt8(length >> 8)] + Array(text.utf8)
    }

    /// A whole file.
    public static func encode(_ tensor: Tensor) -> [UInt8] {
        var bytes = header(type: tensor.type, shape: tensor.shape)
        tensor.elements.withBytes { bytes.append(contentsOf: $0) }
        return bytes
    }

    /// Where the elements begin, and what they are.
    public static func layout(_ bytes: UnsafeRawBufferPointer) throws(NpyError) -> (
        type: ElementType, shape: [Int], offset: Int
    ) {
        guard bytes.count >= 10, bytes[0] == 0x93, bytes[1..<6].elementsEqual("NUMPY".utf8) else { throw .notNpy }
        let version = Int(bytes[6])
        guard (1...3).contains(version) else { throw .unsupportedVersion(version) }
        var (start, length) = (10, Int(bytes[8]) | Int(bytes[9]) << 8)
        if version > 1 {
            guard bytes.count >= 12 else { throw .notNpy }
            length |= Int(bytes[10]) << 16 | Int(bytes[11]) << 24
            start = 12
        }
        guard start + length <= bytes.count else { throw .badHeader("it is cut short") }
        let text = String(decoding: bytes[start..<start + length], as: UTF8.self)
        guard let descriptor = quoted(after: "'descr':", in: text) else { throw .badHeader(trimmed(text)) }
        guard let type = ElementType(npyDescriptor: descriptor) else { throw .unsupportedType(descriptor) }
        guard let shape = tuple(after: "'shape':", in: text) else { throw .badHeader(trimmed(text)) }
        let isFortran = text.contains("'fortran_order': True")
        if isFortran && shape.count(where: { $0 > 1 }) > 1 { throw .fortranOrder }
        return (type, shape, start + length)
    }

    /// A tensor from a whole file; `axes` names the axes once their number is known.
    public static func decode(_ bytes: UnsafeRawBufferPointer, axes: (Int) -> [String] = defaultAxes) throws(NpyError)
        -> Tensor
    {
        let (type, shape, offset) = try layout(bytes)
        var count = 1
        for size in shape {
            let (product, overflow) = count.multipliedReportingOverflow(by: size)
            if overflow || product > Int.max / 8 { throw .badHeader("the shape overflows") }
            count = product
        }
        let (expected, got) = (count * type.width, bytes.count - offset)
        guard expected == got,
            let elements = Elements(type: type, count: count, bytes: UnsafeRawBufferPointer(rebasing: bytes[offset...]))
        else { throw .wrongLength(expected: expected, got: got) }
        return Tensor(elements, shape: shape, axes: axes(shape.count))
    }

    public static func decode(_ bytes: [UInt8], axes: (Int) -> [String] = defaultAxes) throws(NpyError) -> Tensor {
        let result: Result<Tensor, NpyError> = bytes.withUnsafeBytes { buffer in
            do throws(NpyError) { return .success(try decode(buffer, axes: axes)) } catch { return .failure(error) }
        }
        return try result.get()
    }

    /// `axis_0`, `axis_1` ….
    public static func defaultAxes(_ count: Int) -> [String] {
        (0..<count).map { "axis_\($0)" }
    }

    private static func trimmed(_ text: String) -> String {
        String(text.prefix(200)).split(separator: "\n").joined(separator: " ")
    }

    private static func rest(after key: String, in text: String) -> Substring? {
        text.firstRange(of: key).map { text[$0.upperBound...].drop(while: { $0 == " " }) }
    }

    private static func quoted(after key: String, in text: String) -> String? {
        guard let rest = rest(after: key, in: text), rest.first == "'" else { return nil }
        return String(rest.dropFirst().prefix(while: { $0 != "'" }))
    }

    private static func tuple(after key: String, in text: String) -> [Int]? {
        guard let rest = rest(after: key, in: text), rest.first == "(", let end = rest.firstIndex(of: ")") else {
            return nil
        }
        var sizes = [Int]()
        for part in rest[rest.index(after: rest.startIndex)..<end].split(separator: ",") {
            let digits = part.filter { $0 != " " }
            if digits.isEmpty { continue }
            guard let size = Int(digits), size >= 0 else { return nil }
            sizes.append(size)
        }
        return sizes
    }
}

extension Collection where Element: Equatable {
    fileprivate func firstRange(of other: some Collection<Element>) -> Range<Index>? {
        var start = startIndex
        while start != endIndex {
            if self[start...].starts(with: other) { return start..<index(start, offsetBy: other.count) }
            formIndex(after: &start)
        }
        return nil
    }
}
