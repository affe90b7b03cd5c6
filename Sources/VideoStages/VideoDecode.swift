// video.decode

internal import Media
internal import Stages
internal import Tensors

struct VideoDecode: MapStage {
    static let declaration = Declaration(
        "video.decode", revision: 1, kind: .map,
        summary: "Decode a video to frames: shrunk, in as many frames as wanted, in colour or grey.",
        documentation: """
            Decodes what libav can read (.mp4, .mov, .mkv, .webm, .avi, .mpg and others), a frame at a time, in the process \
            `martlet-media`. Of several streams the one that ffmpeg takes; frames that an edit list hides are left out; \
            rotation that the file states is carried out; colours become RGB by the matrix and range that the stream states \
            (BT.601 where it states none), 10-bit ones rounded to 8 bits.

            Each frame is brought to its size as it comes, by `video.resize` (area averaging as OpenCV's INTER_AREA): with \
            `scale`, the sizes are ⌊n · scale⌋. Then, with `n_frames`, there are exactly so many: by `video.interpolate`, at \
            equal distances from the first frame to the last, whatever the times of the frames; what is between two numbers \
            is cut to the lower, as the article does. `colour: gray` weighs red, green and blue by 0.299, 0.587, 0.114, \
            rounded, once a frame has its size.

            `start` and `end` are in seconds of the video; frames with start ≤ time < end are taken.

            The attribute `frame_rate` is frames a second: of the file, or, with `n_frames`, of these.

            Fails on: empty files, files that are no video, video without frames, encrypted ones; frames that cannot be \
            decoded, and files that hold fewer frames than they declare, with the time (`damaged: skip` takes what can be \
            decoded, as ffmpeg does); frames of more than 67 million pixels; more than 1 GiB of frames. A decoder that \
            crashes, or takes more than 600 s or 2 GiB (`timeout`, `memory`), fails its sample only.

            Source: the article "Classifying Emotions from Videos" (2024), whose arrays are (height, width, channel, time).
            """,
        inputs: [Port(accepts: [.media], "a video")],
        output: "uint8, axes (time, height, width, channel), labels by channel; attribute frame_rate",
        arithmetic: [.libav], isTransient: true, place: .media, tolerance: 8e-3)

    struct Parameters: ParameterSet {
        var frame = FrameSize()
        var nFrames: Int?
        var colour = Colour.rgb
        var start = 0.0
        var end: Double?
        var damaged = Damaged.fail

        static var fields: [Field<Parameters>] {
            Field.all(of: \.frame) + [
                Field(
                    "n_frames", \.nFrames, as: .optional(.int(.between(1, 1_000_000))),
                    "how many frames there are to be; null for those of the video"),
                Field("colour", \.colour, "three channels, or one"),
                Field("start", \.start, as: .float(.between(0, 1e9)), unit: "s", "where to begin"),
                Field(
                    "end", \.end, as: .optional(.float(Bounds(lower: 0, upper: 1e9, isLowerOpen: true))), unit: "s",
                    "where to end; null for the end of the video"),
                Field("damaged", \.damaged, "what becomes of a video that is damaged or cut short"),
            ]
        }
    }

    enum Colour: String, Sendable, Hashable, CaseIterable, ParameterValue {
        case rgb, gray

        var labels: [String] { self == .rgb ? ["red", "green", "blue"] : ["gray"] }
    }

    enum Damaged: String, Sendable, Hashable, CaseIterable, ParameterValue { case fail, skip }

    let parameters: Parameters

    init(_ parameters: Parameters) throws(Problem) {
        self.parameters = parameters
        try parameters.frame.check()
        if let pixels = parameters.frame.size,
            parameters.colour.labels.count * pixels[0] * pixels[1] * (parameters.nFrames ?? 1) > Clip.most
        {
            throw Problem(
                "\(parameters.nFrames ?? 1) frames of \(pixels[0]) × \(pixels[1]) are more than 1 GiB", at: ["size"])
        }
        if let end = parameters.end, end <= parameters.start {
            throw Problem(
                "expected an end after the start at \(decimal(parameters.start)) s, got \(decimal(end)) s", at: ["end"])
        }
    }

    func output(for inputs: [Signature]) throws(Problem) -> Signature {
        .tensor(
            .uint8,
            [
                Axis("time", size: parameters.nFrames), Axis("height", size: parameters.frame.size?[0]),
                Axis("width", size: parameters.frame.size?[1]), Axis("channel", labels: parameters.colour.labels),
            ])
    }

    func apply(_ input: MapInput) throws -> Value {
        guard case .media(let media)? = input.values.first else {
            throw Failure("expected media, got \(input.values.first?.phrase ?? "nothing")")
        }
        guard let decoder = ForeignMedia.decoder.withLock({ $0 }) else { throw NeedsMediaProcess() }
        var clip = Clip(size: parameters.frame, colour: parameters.colour)
        do {
            try decoder.frames(
                of: media, from: parameters.start, to: parameters.end, skipsDamaged: parameters.damaged == .skip
            ) { try clip.take($0) }
        } catch let error as ForeignMediaError {
            let advice = error.isPartial ? "fetch it again; damaged: skip takes what can be decoded" : error.advice
            throw Failure(error.description, advice: advice)
        }
        return .tensor(try clip.tensor(frames: parameters.nFrames))
    }
}

/// The frames of a video as they come, each brought to its size at once.
private struct Clip {
    private let size: FrameSize
    private let colour: VideoDecode.Colour
    private var resize: AreaResize?
    private var count = 0
    private var pixels = [UInt8]()
    private var times: (first: Double, last: Double) = (0, 0)

    /// Bytes of frames that are kept at most.
    static let most = 1 << 30

    init(size: FrameSize, colour: VideoDecode.Colour) { (self.size, self.colour) = (size, colour) }

    mutating func take(_ given: DecodedFrame) throws {
        let frame = given.orientation == .upright ? given : Self.turned(given)
        let resize = try prepare(for: frame)
        let bytes = 3 * resize.to.height * resize.to.width
        if colour == .rgb {
            let start = pixels.count
            // Room for more than this frame, as arrays grow by copying.
            if pixels.capacity < start + bytes { pixels.reserveCapacity(max(2 * start, 16 * bytes)) }
            pixels += repeatElement(0, count: bytes)
            pixels.withUnsafeMutableBufferPointer { all in
                Self.shrink(frame, resize, into: UnsafeMutableBufferPointer(rebasing: all[start...]))
            }
        } else {
            var shrunk = [UInt8](repeating: 0, count: bytes)
            shrunk.withUnsafeMutableBufferPointer { Self.shrink(frame, resize, into: $0) }
            pixels += Self.gray(shrunk)
        }
        times = (count == 0 ? frame.time : times.first, frame.time)
        count += 1
        if pixels.count > Self.most { throw tooMuch(count, resize.to, until: frame.time) }
    }

    private func tooMuch(_ count: Int, _ size: (height: Int, width: Int), until time: Double) -> Failure {
        Failure(
            "\(count) frames of \(size.height) × \(size.width) until \(decimal((time * 10).rounded() / 10)) s are more than 1 GiB",
            advice: "shrink them by scale or size, or take a part by start and end")
    }

    /// How a frame is shrunk; frames of one video have one size in the end.
    private mutating func prepare(for frame: DecodedFrame) throws(Failure) -> AreaResize {
        if let resize, resize.from == (frame.height, frame.width) { return resize }
        let target = try size.target(of: (frame.height, frame.width))
        if let resize, resize.to != target {
            throw Failure(
                "its frames change from \(resize.to.height) × \(resize.to.width) to \(target.height) × \(target.width) at "
                    + "\(decimal((frame.time * 100).rounded() / 100)) s", advice: "give a size: [height, width]")
        }
        if 3 * target.height * target.width > Self.most { throw tooMuch(1, target, until: frame.time) }
        let made = AreaResize(from: (frame.height, frame.width), to: target, channels: 3)
        resize = made
        return made
    }

    private static func shrink(
        _ frame: DecodedFrame, _ resize: AreaResize, into target: UnsafeMutableBufferPointer<UInt8>
    ) {
        frame.pixels.withUnsafeBytes { resize.shrink($0, stride: frame.stride, into: target) }
    }

    /// A stored frame as it is to be shown.
    private static func turned(_ frame: DecodedFrame) -> DecodedFrame {
        let orientation = frame.orientation
        let (rows, columns) = orientation.isTransposed ? (frame.width, frame.height) : (frame.height, frame.width)
        var pixels = [UInt8]()
        pixels.reserveCapacity(3 * rows * columns)
        for row in 0..<rows {
            let y = orientation.isFlipped ? rows - 1 - row : row
            for column in 0..<columns {
                let x = orientation.isMirrored ? columns - 1 - column : column
                let place = orientation.isTransposed ? x * frame.stride + 3 * y : y * frame.stride + 3 * x
                pixels += frame.pixels[place..<place + 3]
            }
        }
        return DecodedFrame(
            width: columns, height: rows, pixels: pixels, stride: 3 * columns, time: frame.time, orientation: .upright)
    }

    /// In 15 bits, as OpenCV's COLOR_RGB2GRAY.
    private static func gray(_ pixels: [UInt8]) -> [UInt8] {
        var gray = [UInt8]()
        gray.reserveCapacity(pixels.count / 3)
        for place in stride(from: 0, to: pixels.count, by: 3) {
            let (red, green, blue) = (Int(pixels[place]), Int(pixels[place + 1]), Int(pixels[place + 2]))
            gray.append(UInt8((9798 * red + 19235 * green + 3735 * blue + 16384) >> 15))
        }
        return gray
    }

    func tensor(frames wanted: Int?) throws(Failure) -> Tensor {
        guard let (height, width) = resize?.to else { throw Failure("the video has no frames") }
        let channels = colour.labels.count
        let total = wanted ?? count
        if total * height * width * channels > Self.most {
            throw Failure(
                "\(total) frames of \(height) × \(width) are more than 1 GiB", advice: "shrink them by scale or size")
        }
        let pixels = wanted.map {
            interpolated(self.pixels, time: count, frameSize: height * width * channels, to: $0)
        }
        // The span of the frames is one frame longer than from the first to the last.
        let span = count > 1 ? (times.last - times.first) * Double(count) / Double(count - 1) : 0
        return Tensor(
            .uint8(pixels ?? self.pixels), shape: [total, height, width, channels], axes: frameAxes,
            labels: ["channel": colour.labels],
            attributes: span > 0 ? ["frame_rate": .float(Double(total) / span)] : [:])
    }
}
