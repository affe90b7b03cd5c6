// media.mp4: frames and sound to a video file, for practice data and pictures.

internal import CLibAV
internal import Stages
internal import Tensors

struct EncodeMp4: MapStage {
    static let declaration = Declaration(
        "media.mp4", revision: 1, kind: .map, summary: "Frames and sound as an .mp4 file.",
        inputs: [Port(isList: true, "frames, and then sound where there is any")], output: "uint8, axes (byte)")

    struct Parameters: ParameterSet {
        var rate = 25.0

        static var fields: [Field<Parameters>] {
            [Field("rate", \.rate, as: .float(.between(0.01, 1000)), unit: "frames a second", "how fast it is shown")]
        }
    }

    let parameters: Parameters
    init(_ parameters: Parameters) { self.parameters = parameters }

    func output(for inputs: [Signature]) throws(Problem) -> Signature { .tensor(.uint8, [Axis("byte")]) }

    func apply(_ input: MapInput) throws -> Value {
        let frames = try input.tensor()
        guard frames.axes == ["time", "height", "width", "channel"], frames.shape[3] == 3,
            frames.shape[1] % 2 == 0, frames.shape[2] % 2 == 0, frames.count > 0,
            case .uint8(let pixels) = frames.elements
        else {
            throw Failure(
                "expected uint8 frames of even height and width in three colours, got \(frames.axes) \(frames.shape)")
        }
        let writer = try Mp4Writer()
        let video = try writer.addVideo(height: frames.shape[1], width: frames.shape[2], rate: parameters.rate)
        var audio: Mp4Writer.Track?
        var samples = [Float]()
        if input.values.count > 1, case .tensor(let sound) = input.values[1] {
            guard sound.axes == ["time"], case .float32(let values) = sound.elements,
                case .int(let rate)? = sound.attributes["sample_rate"]
            else { throw Failure("expected float32 sound over time, with its sample_rate") }
            audio = try writer.addAudio(rate: rate)
            samples = values
        }
        try writer.begin()
        try writer.write(pixels, frames: frames.shape[0], to: video)
        if let audio { try writer.write(samples, to: audio) }
        let file = try writer.finish()
        return .tensor(Tensor(.uint8(file), shape: [file.count], axes: ["byte"]))
    }
}

/// A file that grows in memory. Used by one thread.
private final class Mp4Writer {
    struct Track {
        let context: UnsafeMutablePointer<AVCodecContext>
        let stream: UnsafeMutablePointer<AVStream>
    }

    private let format: UnsafeMutablePointer<AVFormatContext>
    private let frame: UnsafeMutablePointer<AVFrame>
    private let packet: UnsafeMutablePointer<AVPacket>
    private var tracks = [Track]()
    private var isFinished = false

    init() throws(Failure) {
        LibAVLog.forget()
        var format: UnsafeMutablePointer<AVFormatContext>?
        avformat_alloc_output_context2(&format, nil, "mp4", nil)
        guard let format, let frame = av_frame_alloc(), let packet = av_packet_alloc(),
            avio_open_dyn_buf(&format.pointee.pb) >= 0
        else { throw Failure("libav writes no .mp4 files") }
        (self.format, self.frame, self.packet) = (format, frame, packet)
        // No dates and versions: the same frames are the same bytes.
        format.pointee.flags |= AVFMT_FLAG_BITEXACT
    }

    deinit {
        for track in tracks {
            var context: UnsafeMutablePointer<AVCodecContext>? = track.context
            avcodec_free_context(&context)
        }
        if !isFinished { _ = closed() }
        avformat_free_context(format)
        var frame: UnsafeMutablePointer<AVFrame>? = frame
        av_frame_free(&frame)
        var packet: UnsafeMutablePointer<AVPacket>? = packet
        av_packet_free(&packet)
    }

    func addVideo(height: Int, width: Int, rate: Double) throws(Failure) -> Track {
        let codec = avcodec_find_encoder_by_name("libx264") ?? avcodec_find_encoder(AV_CODEC_ID_MPEG4)
        let track = try add(codec, called: "video") { context in
            (context.pointee.width, context.pointee.height) = (Int32(width), Int32(height))
            context.pointee.pix_fmt = AV_PIX_FMT_YUV420P
            context.pointee.framerate = av_d2q(rate, 60_000)
            context.pointee.time_base = av_inv_q(context.pointee.framerate)
            context.pointee.gop_size = 50
            if codec?.pointee.id == AV_CODEC_ID_H264 {
                av_opt_set(context.pointee.priv_data, "preset", "veryfast", 0)
                av_opt_set(context.pointee.priv_data, "crf", "20", 0)
            } else {
                context.pointee.flags |= AV_CODEC_FLAG_QSCALE
                context.pointee.global_quality = 3 * FF_QP2LAMBDA
            }
        }
        return track
    }

    func addAudio(rate: Int) throws(Failure) -> Track {
        try add(avcodec_find_encoder(AV_CODEC_ID_AAC), called: "sound") { context in
            context.pointee.sample_fmt = AV_SAMPLE_FMT_FLTP
            context.pointee.sample_rate = Int32(rate)
            context.pointee.bit_rate = 64_000
            av_channel_layout_default(&context.pointee.ch_layout, 1)
            context.pointee.time_base = AVRational(num: 1, den: Int32(rate))
        }
    }

    private func add(
        _ codec: UnsafePointer<AVCodec>?, called name: String, _ set: (UnsafeMutablePointer<AVCodecContext>) -> Void
    ) throws(Failure) -> Track {
        guard let codec, let context = avcodec_alloc_context3(codec), let stream = avformat_new_stream(format, nil)
        else { throw Failure("this libav has no encoder for \(name)") }
        let track = Track(context: context, stream: stream)
        tracks.append(track)
        set(context)
        // One thread, or the bytes would depend on how many there are.
        context.pointee.thread_count = 1
        context.pointee.flags |= AV_CODEC_FLAG_BITEXACT | AV_CODEC_FLAG_GLOBAL_HEADER
        try check(avcodec_open2(context, codec, nil), "the encoder for \(name) does not start")
        try check(
            avcodec_parameters_from_context(stream.pointee.codecpar, context), "the encoder for \(name) does not start")
        stream.pointee.time_base = context.pointee.time_base
        return track
    }

    func begin() throws(Failure) { try check(avformat_write_header(format, nil), "the file cannot be begun") }

    func write(_ pixels: [UInt8], frames: Int, to track: Track) throws(Failure) {
        let (width, height) = (track.context.pointee.width, track.context.pointee.height)
        let scaler = sws_getContext(
            width, height, AV_PIX_FMT_RGB24, width, height, AV_PIX_FMT_YUV420P,
            Int32(SWS_BICUBIC) | Int32(SWS_ACCURATE_RND) | Int32(SWS_BITEXACT), nil, nil, nil)
        guard let scaler else { throw Failure("libav cannot convert colours for the encoder") }
        defer { sws_freeContext(scaler) }
        let size = 3 * Int(width) * Int(height)
        for number in 0..<frames {
            (frame.pointee.width, frame.pointee.height) = (width, height)
            frame.pointee.format = AV_PIX_FMT_YUV420P.rawValue
            try check(av_frame_get_buffer(frame, 0), "libav got no memory")
            pixels.withUnsafeBufferPointer { buffer in
                let source: [UnsafePointer<UInt8>?] = [buffer.baseAddress.map { $0 + number * size }, nil, nil, nil]
                let target: [UnsafeMutablePointer<UInt8>?] = [
                    frame.pointee.data.0, frame.pointee.data.1, frame.pointee.data.2, nil,
                ]
                let strides = [frame.pointee.linesize.0, frame.pointee.linesize.1, frame.pointee.linesize.2, 0]
                sws_scale(scaler, source, [3 * width, 0, 0, 0], 0, height, target, strides)
            }
            frame.pointee.pts = Int64(number)
            try pass(frame, to: track)
            av_frame_unref(frame)
        }
        try pass(nil, to: track)
    }

    func write(_ samples: [Float], to track: Track) throws(Failure) {
        let size = Int(track.context.pointee.frame_size)
        for start in stride(from: 0, to: samples.count, by: size) {
            frame.pointee.nb_samples = Int32(size)
            frame.pointee.format = AV_SAMPLE_FMT_FLTP.rawValue
            frame.pointee.sample_rate = track.context.pointee.sample_rate
            av_channel_layout_default(&frame.pointee.ch_layout, 1)
            try check(av_frame_get_buffer(frame, 0), "libav got no memory")
            let count = min(size, samples.count - start)
            frame.pointee.data.0?.withMemoryRebound(to: Float.self, capacity: size) { target in
                for index in 0..<size { target[index] = index < count ? samples[start + index] : 0 }
            }
            frame.pointee.pts = Int64(start)
            try pass(frame, to: track)
            av_frame_unref(frame)
        }
        try pass(nil, to: track)
    }

    private func pass(_ frame: UnsafeMutablePointer<AVFrame>?, to track: Track) throws(Failure) {
        try check(avcodec_send_frame(track.context, frame), "a frame cannot be encoded")
        while true {
            let code = avcodec_receive_packet(track.context, packet)
            if code == av_shim_try_again || code == av_shim_end_of_file { return }
            try check(code, "a frame cannot be encoded")
            // Encoders of video do not say how long a frame is shown; without it the last would be shown for no time.
            if packet.pointee.duration == 0 { packet.pointee.duration = 1 }
            av_packet_rescale_ts(packet, track.context.pointee.time_base, track.stream.pointee.time_base)
            packet.pointee.stream_index = track.stream.pointee.index
            try check(av_interleaved_write_frame(format, packet), "the file cannot be written")
        }
    }

    func finish() throws(Failure) -> [UInt8] {
        try check(av_write_trailer(format), "the file cannot be finished")
        isFinished = true
        return closed()
    }

    private func closed() -> [UInt8] {
        var buffer: UnsafeMutablePointer<UInt8>?
        let count = Int(avio_close_dyn_buf(format.pointee.pb, &buffer))
        defer { av_free(buffer) }
        return Array(UnsafeBufferPointer(start: buffer, count: count))
    }

    private func check(_ code: Int32, _ what: String) throws(Failure) {
        if code < 0 { throw Failure("\(what): \(LibAVLog.last(or: code))") }
    }
}
