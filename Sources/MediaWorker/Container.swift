// A container that is open: libav's demuxer over bytes that Media reads. Whatever a file says, nothing else is opened.

internal import CLibAV
internal import Media
internal import Tensors

/// Used by one thread.
final class Container {
    let format: UnsafeMutablePointer<AVFormatContext>
    private let source: Source
    private var io: UnsafeMutablePointer<AVIOContext>?
    private let packet: UnsafeMutablePointer<AVPacket>
    /// Whether reading ended where the file does, and not in the middle of something.
    private(set) var endedWell = true

    init(_ media: MediaReference) throws(ForeignMediaError) {
        LibAVLog.forget()
        if media.size == 0 { throw .empty }
        do throws(MediaError) { source = Source(try MediaStream(media)) } catch { throw .unreadable(error) }
        let size = 64 << 10
        guard let packet = av_packet_alloc(), let buffer = av_malloc(size),
            let io = avio_alloc_context(
                buffer.assumingMemoryBound(to: UInt8.self), Int32(size), 0,
                Unmanaged.passUnretained(source).toOpaque(), Source.read, nil, Source.seek),
            let context = avformat_alloc_context()
        else { throw .failed("libav got no memory") }
        (self.packet, self.io) = (packet, io)
        context.pointee.pb = io
        context.pointee.io_open = { _, _, _, _, _ in av_shim_io }
        var options: OpaquePointer?
        // No name is a protocol of that name: playlists, and what else refers to other files, open none.
        av_dict_set(&options, "protocol_whitelist", "none", 0)
        defer { av_dict_free(&options) }
        var opened: UnsafeMutablePointer<AVFormatContext>? = context
        let code = avformat_open_input(&opened, nil, nil, &options)
        guard code == 0, let opened else {
            let why = LibAVLog.last(or: code)
            source.release(&self.io)
            var packet: UnsafeMutablePointer<AVPacket>? = packet
            av_packet_free(&packet)
            // The context is freed by the failed opening; the rest of this object was never set up.
            throw source.error.map { .unreadable($0) } ?? .notMedia(why)
        }
        format = opened
        let found = avformat_find_stream_info(format, nil)
        if found < 0 { throw source.error.map { .unreadable($0) } ?? .notMedia(LibAVLog.last(or: found)) }
    }

    deinit {
        var context: UnsafeMutablePointer<AVFormatContext>? = format
        avformat_close_input(&context)
        source.release(&io)
        var packet: UnsafeMutablePointer<AVPacket>? = packet
        av_packet_free(&packet)
    }

    /// The stream of a kind that ffmpeg would take: one that is marked as the default, and among those the one with the
    /// most pixels or channels, the first of equal ones.
    func stream(of type: AVMediaType, called wanted: String) throws(ForeignMediaError) -> UnsafeMutablePointer<AVStream>
    {
        var best: (stream: UnsafeMutablePointer<AVStream>, score: Int)?
        for index in 0..<Int(format.pointee.nb_streams) {
            guard let stream = format.pointee.streams[index], let parameters = stream.pointee.codecpar,
                parameters.pointee.codec_type == type, !Self.isStill(stream)
            else { continue }
            var score =
                type == AVMEDIA_TYPE_VIDEO
                ? Int(parameters.pointee.width) * Int(parameters.pointee.height)
                : Int(parameters.pointee.ch_layout.nb_channels)
            if stream.pointee.disposition & AV_DISPOSITION_DEFAULT != 0 { score += 5_000_000 }
            if score > best?.score ?? Int.min { best = (stream, score) }
        }
        guard let best else { throw .noStream(wanted: wanted, found: contents) }
        return best.stream
    }

    /// Whether it is no moving picture: the cover of an album.
    private static func isStill(_ stream: UnsafeMutablePointer<AVStream>) -> Bool {
        stream.pointee.disposition & AV_DISPOSITION_ATTACHED_PIC != 0
    }

    /// Whether it states how long each stream is.
    var statesDurations: Bool {
        guard let name = format.pointee.iformat?.pointee.name else { return false }
        return String(cString: name).hasPrefix("mov,")
    }

    /// What is in it, in words.
    private var contents: String {
        let names = (0..<Int(format.pointee.nb_streams)).compactMap { index -> String? in
            guard let stream = format.pointee.streams[index] else { return nil }
            if Self.isStill(stream) { return "a still picture" }
            return av_get_media_type_string(stream.pointee.codecpar.pointee.codec_type).map {
                "a stream of " + String(cString: $0)
            }
        }
        return names.isEmpty ? "it has no streams" : "it has " + names.joined(separator: ", ")
    }

    /// The next packet of a stream, lent; nil at the end.
    func nextPacket(of stream: Int32) throws(ForeignMediaError) -> UnsafeMutablePointer<AVPacket>? {
        while true {
            av_packet_unref(packet)
            let code = av_read_frame(format, packet)
            if let error = source.error { throw .unreadable(error) }
            if code < 0 {
                if code != av_shim_end_of_file { endedWell = false }
                return nil
            }
            if packet.pointee.stream_index == stream { return packet }
            // The file may end in the middle of another stream.
            if packet.pointee.flags & AV_PKT_FLAG_CORRUPT != 0 { endedWell = false }
        }
    }

    /// To be asked once all is read.
    func checkUnchanged() throws(ForeignMediaError) {
        do throws(MediaError) { try source.stream.checkUnchanged() } catch { throw .unreadable(error) }
    }
}

/// Where libav's reads go.
private final class Source {
    let stream: MediaStream
    private var position = 0
    /// What the file system had to say, which libav's codes do not carry.
    private(set) var error: MediaError?

    init(_ stream: MediaStream) { self.stream = stream }

    func release(_ io: inout UnsafeMutablePointer<AVIOContext>?) {
        if let io { av_freep(&io.pointee.buffer) }
        avio_context_free(&io)
    }

    static let read: @convention(c) (UnsafeMutableRawPointer?, UnsafeMutablePointer<UInt8>?, Int32) -> Int32 = {
        state, target, count in
        guard let source = source(state), let target else { return av_shim_io }
        do throws(MediaError) {
            let bytes = try source.stream.read(at: source.position, count: Int(count))
            if bytes.isEmpty { return av_shim_end_of_file }
            bytes.withUnsafeBytes {
                UnsafeMutableRawPointer(target).copyMemory(
                    from: $0.baseAddress ?? UnsafeRawPointer(target), byteCount: bytes.count)
            }
            source.position += bytes.count
            return Int32(bytes.count)
        } catch {
            source.error = error
            return av_shim_io
        }
    }

    static let seek: @convention(c) (UnsafeMutableRawPointer?, Int64, Int32) -> Int64 = { state, offset, whence in
        guard let source = source(state) else { return Int64(av_shim_io) }
        let base: Int64
        switch whence & ~AVSEEK_FORCE {
        case AVSEEK_SIZE: return Int64(source.stream.size)
        case SEEK_SET: base = 0
        case SEEK_CUR: base = Int64(source.position)
        case SEEK_END: base = Int64(source.stream.size)
        default: return Int64(av_shim_io)
        }
        let (place, overflow) = base.addingReportingOverflow(offset)
        guard !overflow, place >= 0 else { return Int64(av_shim_io) }
        source.position = Int(place)
        return place
    }

    private static func source(_ state: UnsafeMutableRawPointer?) -> Source? {
        state.map { Unmanaged<Source>.fromOpaque($0).takeUnretainedValue() }
    }
}
