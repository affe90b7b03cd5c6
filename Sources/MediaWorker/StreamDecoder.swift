// A stream of a container, decoded packet by packet, in one thread. What cannot be decoded, and what is not there, is an
// error with its place in time; a caller that wants what is left takes it.

internal import CLibAV
internal import Media

/// Used by one thread.
final class StreamDecoder {
    let container: Container
    let stream: UnsafeMutablePointer<AVStream>
    let context: UnsafeMutablePointer<AVCodecContext>
    private let frame: UnsafeMutablePointer<AVFrame>
    /// Packets of the stream that were read.
    private var packets = 0
    /// When the last packet ends, in seconds from the start of the stream.
    private var end = 0.0

    /// - Parameters:
    ///   - type: video or audio.
    ///   - wanted: what that is in a message.
    init(_ container: Container, _ type: AVMediaType, called wanted: String) throws(ForeignMediaError) {
        self.container = container
        stream = try container.stream(of: type, called: wanted)
        guard let parameters = stream.pointee.codecpar else { throw .failed("libav tells nothing of the \(wanted)") }
        let name = String(cString: avcodec_get_name(parameters.pointee.codec_id))
        guard let codec = avcodec_find_decoder(parameters.pointee.codec_id) else { throw .noDecoder(name) }
        guard let context = avcodec_alloc_context3(codec), let frame = av_frame_alloc() else {
            throw .failed("libav got no memory")
        }
        (self.context, self.frame) = (context, frame)
        let size = (Int(parameters.pointee.width), Int(parameters.pointee.height))
        if type == AVMEDIA_TYPE_VIDEO, size.0 * size.1 > Self.mostPixels {
            throw .tooLarge(width: size.0, height: size.1)
        }
        avcodec_parameters_to_context(context, parameters)
        context.pointee.thread_count = 1
        context.pointee.max_pixels = Int64(Self.mostPixels)
        context.pointee.pkt_timebase = stream.pointee.time_base
        let opened = avcodec_open2(context, codec, nil)
        if opened < 0 { throw .failed("libav's decoder for \(name) does not start: \(LibAVLog.last(or: opened))") }
    }

    /// Two frames of this in RGB fit a worker's memory many times.
    private static let mostPixels = 1 << 26

    deinit {
        var context: UnsafeMutablePointer<AVCodecContext>? = context
        avcodec_free_context(&context)
        var frame: UnsafeMutablePointer<AVFrame>? = frame
        av_frame_free(&frame)
    }

    /// Decodes to the end, or until it is told to stop.
    /// - Parameters:
    ///   - skipsDamaged: whether what cannot be decoded is left out.
    ///   - take: is lent each frame; gives false when it has seen enough.
    func decode(
        skipsDamaged: Bool, _ take: (UnsafeMutablePointer<AVFrame>) throws -> Bool
    ) throws {
        while let packet = try container.nextPacket(of: stream.pointee.index) {
            packets += 1
            if av_packet_get_side_data(packet, AV_PKT_DATA_ENCRYPTION_INFO, nil) != nil {
                throw ForeignMediaError.encrypted
            }
            let time = seconds(packet.pointee.pts != av_shim_no_time ? packet.pointee.pts : packet.pointee.dts)
            if let time { end = max(end, time + Double(packet.pointee.duration) * av_q2d(stream.pointee.time_base)) }
            if packet.pointee.flags & AV_PKT_FLAG_CORRUPT != 0, !skipsDamaged {
                if isCutShort { throw cutShort }
                throw ForeignMediaError.damaged(time: time, why: "a part of a frame is missing")
            }
            if try !pass(packet, at: time, skipsDamaged: skipsDamaged, take) { return }
        }
        if !skipsDamaged, isCutShort { throw cutShort }
        if try !pass(nil, at: nil, skipsDamaged: skipsDamaged, take) { return }
        try container.checkUnchanged()
    }

    /// A time of the stream in seconds from its start; nil where it has none.
    func seconds(_ time: Int64) -> Double? {
        if time == av_shim_no_time { return nil }
        let start = stream.pointee.start_time == av_shim_no_time ? 0 : stream.pointee.start_time
        return Double(time - start) * av_q2d(stream.pointee.time_base)
    }

    /// Seconds, as the file states them.
    var duration: Double? {
        if stream.pointee.duration != av_shim_no_time {
            return Double(stream.pointee.duration) * av_q2d(stream.pointee.time_base)
        }
        let whole = container.format.pointee.duration
        return whole == av_shim_no_time ? nil : Double(whole) / Double(AV_TIME_BASE)
    }

    /// Seconds that a frame is shown, by the rate that the file states.
    var frameDuration: Double {
        let rate = av_q2d(stream.pointee.avg_frame_rate)
        return rate > 0 ? 1 / rate : 0
    }

    /// What the file declares, where there is less: packets in .mp4 and .mov, which count them; seconds elsewhere, as what
    /// .avi counts of a video are also frames that are not there, as they would be those before.
    private var declaredBeyondEnd: String? {
        let isVideo = context.pointee.codec_type == AVMEDIA_TYPE_VIDEO
        if isVideo, container.statesDurations {
            return Int64(packets) < stream.pointee.nb_frames ? "\(stream.pointee.nb_frames) frames" : nil
        }
        guard isVideo ? stream.pointee.nb_frames > 0 : container.statesDurations, let duration,
            end + Self.slack < duration
        else { return nil }
        return "\(ForeignMediaError.seconds(duration)) s"
    }

    /// Seconds by which a stream may end before its stated end: a packet or a few.
    private static let slack = 0.25

    /// Whether the file has less than it says. Not every container says how much there is.
    private var isCutShort: Bool {
        !container.endedWell || LibAVLog.contains("ended prematurely") || declaredBeyondEnd != nil
    }

    private var cutShort: ForeignMediaError { .cutShort(declared: declaredBeyondEnd, found: packets, time: end) }

    /// - Parameter packet: nil at the end, for what the decoder still holds.
    private func pass(
        _ packet: UnsafeMutablePointer<AVPacket>?, at time: Double?, skipsDamaged: Bool,
        _ take: (UnsafeMutablePointer<AVFrame>) throws -> Bool
    ) throws -> Bool {
        let sent = avcodec_send_packet(context, packet)
        if sent < 0, sent != av_shim_end_of_file { try damage(sent, at: time, isSkipped: skipsDamaged) }
        while true {
            let received = avcodec_receive_frame(context, frame)
            if received == av_shim_try_again || received == av_shim_end_of_file { return true }
            if received < 0 {
                try damage(received, at: time, isSkipped: skipsDamaged)
                return true
            }
            defer { av_frame_unref(frame) }
            let isConcealed = frame.pointee.decode_error_flags != 0 || frame.pointee.flags & AV_FRAME_FLAG_CORRUPT != 0
            if isConcealed, !skipsDamaged {
                let shown = seconds(frame.pointee.best_effort_timestamp)
                throw ForeignMediaError.damaged(time: shown, why: LibAVLog.last(or: av_shim_invalid_data))
            }
            if try !take(frame) { return false }
        }
    }

    private func damage(_ code: Int32, at time: Double?, isSkipped: Bool) throws {
        if code == av_shim_no_memory { throw ForeignMediaError.failed("libav got no memory") }
        if !isSkipped { throw ForeignMediaError.damaged(time: time, why: LibAVLog.last(or: code)) }
    }
}
