// What libav decodes: videos, and sound in containers that libsndfile does not know. Only the process `martlet-media` is
// linked to it, and says so here; everywhere else there is no decoder, and stages hand their samples on to that process.

public import Tensors

/// What a program that is linked to libav can do.
public protocol ForeignDecoder: Sendable {
    /// The sound of a file, at its own rate.
    /// - Parameters:
    ///   - offset: seconds to leave out at the start, cut to whole frames towards zero.
    ///   - duration: seconds to read, cut likewise; nil for all.
    func sound(in media: MediaReference, offset: Double, duration: Double?) throws(ForeignMediaError) -> Sound

    /// Gives the frames of a video one after another, those whose time is at least `start` and below `end`, in seconds.
    /// - Parameters:
    ///   - skipsDamaged: whether frames that cannot be decoded are left out; otherwise they are an error.
    ///   - take: is given each frame; the next one may lie in the same memory.
    func frames(
        of media: MediaReference, from start: Double, to end: Double?, skipsDamaged: Bool,
        take: (DecodedFrame) throws -> Void
    ) throws
}

/// The decoder of this process, if it has one.
public enum ForeignMedia {
    public static let decoder = Lock<(any ForeignDecoder)?>(nil)
}

/// One frame of a video, as it is stored.
public struct DecodedFrame: Sendable {
    public let width, height: Int
    /// RGB, row by row, with bytes of no meaning behind each row and behind the last.
    public let pixels: [UInt8]
    /// Bytes from one row to the next.
    public let stride: Int
    /// Seconds from the start of the video.
    public let time: Double
    public let orientation: FrameOrientation

    public init(
        width: Int, height: Int, pixels: [UInt8], stride: Int, time: Double, orientation: FrameOrientation
    ) {
        (self.width, self.height, self.pixels, self.stride) = (width, height, pixels, stride)
        (self.time, self.orientation) = (time, orientation)
    }
}

/// How stored frames are turned to be shown: rows and columns exchanged first, where they are to be, then mirrored.
public struct FrameOrientation: Sendable, Hashable {
    public let isTransposed: Bool
    /// Left and right are exchanged.
    public let isMirrored: Bool
    /// Top and bottom are exchanged.
    public let isFlipped: Bool

    public init(isTransposed: Bool = false, isMirrored: Bool = false, isFlipped: Bool = false) {
        (self.isTransposed, self.isMirrored, self.isFlipped) = (isTransposed, isMirrored, isFlipped)
    }

    public static let upright = FrameOrientation()
}

/// Why a file gives no frames, or no sound.
public enum ForeignMediaError: Error, Sendable, Hashable {
    case unreadable(MediaError)
    case empty
    /// No container that libav knows, or a broken one; with what libav said.
    case notMedia(String)
    /// There is no such stream; what there is.
    case noStream(wanted: String, found: String)
    /// Its codec is not known to this libav.
    case noDecoder(String)
    case encrypted
    /// A frame or a piece of sound that cannot be decoded, at that time in seconds.
    case damaged(time: Double?, why: String)
    /// There is less than the file declares, where it does: how many packets there are, and when they end.
    case cutShort(declared: String?, found: Int, time: Double)
    /// The part that is asked for is empty: where the video ends.
    case nothingThere(start: Double, end: Double)
    case tooLarge(width: Int, height: Int)
    case sound(SoundFileError)
    case failed(String)
}

extension ForeignMediaError: CustomStringConvertible {
    public var description: String {
        switch self {
        case .unreadable(let error): error.cause
        case .empty: "the file is empty (0 bytes)"
        case .notMedia(let why): "libav finds no media in it" + (why.isEmpty ? "" : ": \(why)")
        case .noStream(let wanted, let found): "the file has no \(wanted): \(found)"
        case .noDecoder(let name): "this libav has no decoder for \(name)"
        case .encrypted: "it is encrypted"
        case .damaged(let time, let why):
            "it is damaged" + (time.map { " at \(Self.seconds($0)) s" } ?? "") + ": \(why)"
        case .cutShort(let declared?, let found, let time):
            "it is cut short: it declares \(declared), but there are \(found) packets; it ends after \(Self.seconds(time)) s"
        case .cutShort(nil, let found, let time):
            "it is cut short: it ends in the middle, after \(found) packets and \(Self.seconds(time)) s"
        case .nothingThere(let start, let end):
            "there is no frame from \(Self.seconds(start)) s on: the video ends after \(Self.seconds(end)) s"
        case .tooLarge(let width, let height):
            "its frames are \(width) × \(height); at most 67 million pixels are decoded"
        case .sound(let error): error.description
        case .failed(let why): why
        }
    }

    public var advice: String? {
        switch self {
        case .unreadable(let error): error.advice
        case .empty, .notMedia, .cutShort, .damaged: "fetch it again, or leave it out"
        case .encrypted: "decrypt it first"
        case .nothingThere: "set start before the end"
        case .sound(let error): error.advice
        case .noStream, .noDecoder, .tooLarge, .failed: nil
        }
    }

    /// Whether a part of it can be decoded all the same.
    public var isPartial: Bool {
        switch self {
        case .cutShort, .damaged: true
        default: false
        }
    }

    /// A time for messages, to a hundredth.
    public static func seconds(_ time: Double) -> String { decimal((time * 100).rounded() / 100) }
}
