// The sound of a stream: samples of whatever form as floats with full scale −1 to 1, channels side by side.

internal import CLibAV
internal import Media
internal import Tensors

struct SoundCollector {
    private let decoder: StreamDecoder
    /// As many as `SoundFile` decodes at once.
    private static let mostSamples = 1 << 29

    init(_ decoder: StreamDecoder) { self.decoder = decoder }

    func collect(offset: Double, duration: Double?) throws -> Sound {
        var samples = [Float]()
        var form: (rate: Int, channels: Int)?
        try decoder.decode(skipsDamaged: false) { frame in
            let found = (Int(frame.pointee.sample_rate), Int(frame.pointee.ch_layout.nb_channels))
            guard found.0 > 0, found.1 > 0 else {
                throw ForeignMediaError.failed("it has \(found.1) channels at \(found.0) Hz")
            }
            if let form, form != found {
                throw ForeignMediaError.failed(
                    "its sound changes from \(form.channels) channels at \(form.rate) Hz to \(found.1) at \(found.0)")
            }
            form = found
            try Self.append(frame, to: &samples)
            if samples.count > Self.mostSamples {
                throw ForeignMediaError.sound(
                    .tooLong(
                        samples: Double(samples.count), hours: Double(samples.count / found.1) / Double(found.0) / 3600)
                )
            }
            // What lies behind the part that is asked for is not needed.
            guard let duration else { return true }
            return Double(samples.count / found.1) < (offset + duration) * Double(found.0) + 1
        }
        guard let form, !samples.isEmpty else { throw ForeignMediaError.sound(.noSamples) }
        if let place = firstNotFinite(samples) {
            throw ForeignMediaError.sound(
                .notFinite(frame: place / form.channels, channel: place % form.channels, value: samples[place]))
        }
        let total = samples.count / form.channels
        let start = (offset * Double(form.rate)).rounded(.towardZero)
        guard start <= Double(total) else {
            throw ForeignMediaError.sound(.offsetBeyondEnd(offset: offset, seconds: Double(total) / Double(form.rate)))
        }
        let wanted = duration.map { ($0 * Double(form.rate)).rounded(.towardZero) } ?? .infinity
        let count = Int(min(wanted, Double(total) - start))
        guard count > 0 else { throw ForeignMediaError.sound(.noSamples) }
        let part = samples[Int(start) * form.channels..<(Int(start) + count) * form.channels]
        return Sound(samples: Array(part), channels: form.channels, sampleRate: form.rate)
    }

    private static func append(_ frame: UnsafeMutablePointer<AVFrame>, to samples: inout [Float]) throws {
        let (count, channels) = (Int(frame.pointee.nb_samples), Int(frame.pointee.ch_layout.nb_channels))
        let format = AVSampleFormat(frame.pointee.format)
        guard let planes = frame.pointee.extended_data else { return }
        let isPlanar = av_sample_fmt_is_planar(format) != 0
        func add<Number>(_ type: Number.Type, _ scaled: (Number) -> Float) {
            for index in 0..<count {
                for channel in 0..<channels {
                    guard let plane = planes[isPlanar ? channel : 0] else { continue }
                    let place = isPlanar ? index : index * channels + channel
                    samples.append(
                        scaled(
                            UnsafeRawPointer(plane).load(fromByteOffset: place * MemoryLayout<Number>.stride, as: type))
                    )
                }
            }
        }
        samples.reserveCapacity(samples.count + count * channels)
        switch av_get_packed_sample_fmt(format) {
        case AV_SAMPLE_FMT_U8: add(UInt8.self) { (Float($0) - 128) / 128 }
        case AV_SAMPLE_FMT_S16: add(Int16.self) { Float($0) / 32768 }
        case AV_SAMPLE_FMT_S32: add(Int32.self) { Float($0) / 2_147_483_648 }
        case AV_SAMPLE_FMT_FLT: add(Float.self) { $0 }
        case AV_SAMPLE_FMT_DBL: add(Double.self) { Float($0) }
        default:
            let name = av_get_sample_fmt_name(format).map { String(cString: $0) } ?? "unknown"
            throw ForeignMediaError.failed("samples of format \(name) are not known here")
        }
    }
}
