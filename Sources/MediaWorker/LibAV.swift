// What stages ask of libav: the frames of a video as RGB, and the sound of a file as floats.

internal import CLibAV
internal import Media
internal import Tensors

struct LibAV: ForeignDecoder {
    func frames(
        of media: MediaReference, from start: Double, to end: Double?, skipsDamaged: Bool,
        take: (DecodedFrame) throws -> Void
    ) throws {
        let decoder = try StreamDecoder(Container(media), AVMEDIA_TYPE_VIDEO, called: "video")
        let orientation = FrameOrientation(of: decoder.stream)
        let converter = ColourConverter()
        var (count, next) = (0, 0.0)
        try decoder.decode(skipsDamaged: skipsDamaged) { frame in
            // All is decoded from the start: containers without an index lead to no key frame, and a part is not to hide
            // that the whole is damaged.
            let time = decoder.seconds(frame.pointee.best_effort_timestamp) ?? next
            next = max(next, time + decoder.frameDuration)
            if let end, time >= end { return false }
            if start > 0, time < start { return true }
            count += 1
            try converter.convert(frame) { width, height, pixels, stride in
                try take(
                    DecodedFrame(
                        width: width, height: height, pixels: pixels, stride: stride, time: time,
                        orientation: orientation))
            }
            return true
        }
        if count == 0 {
            guard start > 0 || end != nil else { throw ForeignMediaError.notMedia("its video has no frames") }
            throw ForeignMediaError.nothingThere(start: start, end: max(next, decoder.duration ?? 0))
        }
    }

    func sound(in media: MediaReference, offset: Double, duration: Double?) throws(ForeignMediaError) -> Sound {
        do {
            let decoder = try StreamDecoder(Container(media), AVMEDIA_TYPE_AUDIO, called: "sound")
            return try SoundCollector(decoder).collect(offset: offset, duration: duration)
        } catch let error as ForeignMediaError {
            throw error
        } catch {
            throw .failed("\(error)")
        }
    }
}

extension FrameOrientation {
    /// By the display matrix, which maps places of the stored frame to those where they are shown.
    init(of stream: UnsafeMutablePointer<AVStream>) {
        let bytes = av_stream_get_side_data(stream, AV_PKT_DATA_DISPLAYMATRIX, nil)
        guard let bytes else {
            self = .upright
            return
        }
        // Nine numbers, of which the first of each row of three, and the second, turn and mirror.
        let matrix = bytes.withMemoryRebound(to: Int32.self, capacity: 9) { numbers in (0..<9).map { numbers[$0] } }
        let (xx, xy, yx, yy) = (matrix[0], matrix[1], matrix[3], matrix[4])
        // Turns by other than quarters are not made: ffmpeg, too, would have to interpolate.
        if abs(Double(xy)) > abs(Double(xx)), abs(Double(yx)) > abs(Double(yy)) {
            self.init(isTransposed: true, isMirrored: yx < 0, isFlipped: xy < 0)
        } else {
            self.init(isTransposed: false, isMirrored: xx < 0, isFlipped: yy < 0)
        }
    }
}

/// Frames to RGB, with the coefficients and the range that the stream states, as ffmpeg does.
private final class ColourConverter {
    private var scaler: OpaquePointer?
    private var form: [Int32] = []
    private var pixels = [UInt8]()
    /// Bytes of a row as it is converted: conversions in vectors leave the end of a row out where there is no room for a
    /// whole vector behind it.
    private var stride = 0

    deinit { sws_freeContext(scaler) }

    func convert(
        _ frame: UnsafeMutablePointer<AVFrame>,
        _ take: (_ width: Int, _ height: Int, _ pixels: [UInt8], _ stride: Int) throws -> Void
    ) throws {
        let (width, height) = (frame.pointee.width, frame.pointee.height)
        let form = [
            width, height, frame.pointee.format, Int32(frame.pointee.colorspace.rawValue),
            Int32(frame.pointee.color_range.rawValue),
        ]
        if form != self.form { try prepare(frame, form) }
        let source: [UnsafePointer<UInt8>?] = [
            UnsafePointer(frame.pointee.data.0), UnsafePointer(frame.pointee.data.1),
            UnsafePointer(frame.pointee.data.2), UnsafePointer(frame.pointee.data.3),
        ]
        let strides = [
            frame.pointee.linesize.0, frame.pointee.linesize.1, frame.pointee.linesize.2, frame.pointee.linesize.3,
        ]
        let stride = Int32(stride)
        let code = pixels.withUnsafeMutableBufferPointer { buffer in
            let target: [UnsafeMutablePointer<UInt8>?] = [buffer.baseAddress, nil, nil, nil]
            return sws_scale(scaler, source, strides, 0, height, target, [stride, 0, 0, 0])
        }
        if code < 0 { throw ForeignMediaError.failed("libav cannot convert its colours: \(LibAVLog.last(or: code))") }
        try take(Int(width), Int(height), pixels, self.stride)
    }

    private func prepare(_ frame: UnsafeMutablePointer<AVFrame>, _ form: [Int32]) throws {
        let (width, height) = (frame.pointee.width, frame.pointee.height)
        sws_freeContext(scaler)
        let format = AVPixelFormat(frame.pointee.format)
        scaler = sws_getContext(
            width, height, format, width, height, AV_PIX_FMT_RGB24, Int32(SWS_BICUBIC), nil, nil, nil)
        guard let scaler else {
            let name = av_get_pix_fmt_name(format).map { String(cString: $0) } ?? "unknown"
            throw ForeignMediaError.failed("libav cannot convert pixels of format \(name) to RGB")
        }
        let space = frame.pointee.colorspace.rawValue
        // Those that swscale has coefficients for.
        let known = (1...10).contains(space) && space != 8
        let coefficients = sws_getCoefficients(known ? Int32(space) : SWS_CS_DEFAULT)
        let isFull: Int32 = frame.pointee.color_range == AVCOL_RANGE_JPEG ? 1 : 0
        sws_setColorspaceDetails(
            scaler, coefficients, isFull, sws_getCoefficients(SWS_CS_DEFAULT), 1, 0, 1 << 16, 1 << 16)
        // Conversions write whole vectors.
        stride = 3 * ((Int(width) + 15) / 16 * 16)
        pixels = [UInt8](repeating: 0, count: stride * Int(height) + 64)
        self.form = form
    }
}
