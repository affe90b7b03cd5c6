// What the first bytes of a file say about it: which container it is, and whether its samples reach beyond its end.
// libsndfile silently reads a RIFF or AIFF file that was cut short as a shorter one.

/// The name of a container that libsndfile does not read but people try, from its first bytes; nil for others.
func containerName(_ bytes: UnsafeRawBufferPointer) -> String? {
    func has(_ text: String, at offset: Int) -> Bool {
        bytes.count >= offset + text.utf8.count && bytes[offset..<offset + text.utf8.count].elementsEqual(text.utf8)
    }
    if has("ftyp", at: 4) || has("moov", at: 4) || has("mdat", at: 4) { return "an MP4 or QuickTime container" }
    if has("RIFF", at: 0) && has("AVI ", at: 8) { return "an AVI container" }
    if has("FLV", at: 0) { return "a Flash video" }
    guard bytes.count >= 4 else { return nil }
    switch (bytes[0], bytes[1], bytes[2], bytes[3]) {
    case (0x1A, 0x45, 0xDF, 0xA3): return "a Matroska or WebM container"
    case (0x00, 0x00, 0x01, 0xBA), (0x00, 0x00, 0x01, 0xB3): return "an MPEG stream"
    case (0x30, 0x26, 0xB2, 0x75): return "an ASF or WMA container"
    case (0x47, _, _, _) where bytes.count > 376 && bytes[188] == 0x47 && bytes[376] == 0x47: return "an MPEG stream"
    case (0xFF, 0xF1, _, _), (0xFF, 0xF9, _, _): return "an AAC stream"
    default: return nil
    }
}

/// Of a RIFF or AIFF file whose chunk of samples declares more bytes than follow: how many, and how many there are. A
/// length of all ones, or of zero, is what programs write that did not know it yet; libsndfile reads these to the end.
func declaredBeyondEnd(_ bytes: [UInt8]) -> (declared: Int, found: Int)? {
    func tag(_ offset: Int) -> String { String(decoding: bytes[offset..<offset + 4], as: UTF8.self) }
    guard bytes.count >= 12 else { return nil }
    let isBigEndian: Bool
    let wanted: String
    switch (tag(0), tag(8)) {
    case ("RIFF", "WAVE"): (isBigEndian, wanted) = (false, "data")
    case ("RIFX", "WAVE"): (isBigEndian, wanted) = (true, "data")
    case ("FORM", "AIFF"), ("FORM", "AIFC"): (isBigEndian, wanted) = (true, "SSND")
    default: return nil
    }
    var offset = 12
    while offset + 8 <= bytes.count {
        let parts = (0..<4).map { Int(bytes[offset + 4 + $0]) << (8 * (isBigEndian ? 3 - $0 : $0)) }
        let length = parts.reduce(0, |)
        if tag(offset) == wanted {
            let found = bytes.count - offset - 8
            return length > found && length != 0xFFFF_FFFF ? (length, found) : nil
        }
        offset += 8 + length + length % 2
    }
    return nil
}
