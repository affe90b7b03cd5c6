// The names of RAVDESS clips: seven fields of two digits, modality-channel-emotion-intensity-statement-repetition-actor.

internal import Stages
internal import Tensors

/// Which of face and voice a clip has.
enum RavdessModality: String, Sendable, Hashable, CaseIterable {
    case audioVideo = "audio_video"
    case videoOnly = "video_only"
    case audioOnly = "audio_only"
}

/// Whether a clip is spoken or sung.
enum RavdessChannel: String, Sendable, Hashable, CaseIterable {
    case speech, song
}

/// What a clip's name says.
struct RavdessName: Sendable, Hashable {
    let modality: RavdessModality
    let channel: RavdessChannel
    let emotion: String
    let intensity: String
    let statement: String
    let repetition: Int
    let actor: Int
    /// The seven fields.
    let text: String

    static let emotions = ["neutral", "calm", "happy", "sad", "angry", "fearful", "disgust", "surprised"]
    static let intensities = ["normal", "strong"]
    static let statements = ["kids", "dogs"]
    /// Of files that hold clips.
    static let extensions = ["wav", "flac", "ogg", "mp4"]

    /// Of a file's name with its extension; nil where it is no clip's name.
    init?(file: some StringProtocol) {
        guard let dot = file.lastIndex(of: "."),
            Self.extensions.contains(file[file.index(after: dot)...].lowercased())
        else { return nil }
        let stem = file[..<dot]
        let parts = stem.split(separator: "-", omittingEmptySubsequences: false)
        let fields = parts.compactMap { part in
            part.utf8.count == 2 && part.utf8.allSatisfy { (48...57).contains($0) } ? Int(part) : nil
        }
        guard fields.count == 7, parts.count == 7 else { return nil }
        func pick<Choice>(_ choices: [Choice], _ field: Int) -> Choice? {
            choices.indices.contains(field - 1) ? choices[field - 1] : nil
        }
        guard let modality = pick(RavdessModality.allCases, fields[0]),
            let channel = pick(RavdessChannel.allCases, fields[1]),
            let emotion = pick(Self.emotions, fields[2]),
            let intensity = pick(Self.intensities, fields[3]),
            let statement = pick(Self.statements, fields[4]),
            fields[5] > 0, fields[6] > 0
        else { return nil }
        (self.modality, self.channel, self.emotion) = (modality, channel, emotion)
        (self.intensity, self.statement, repetition, actor) = (intensity, statement, fields[5], fields[6])
        text = String(stem)
    }

    /// The name without the modality: the same for the face and the voice of one recording.
    var recording: String { String(text.dropFirst(3)) }

    var columns: [String: Scalar] {
        [
            "modality": .string(modality.rawValue), "channel": .string(channel.rawValue), "emotion": .string(emotion),
            "intensity": .string(intensity), "statement": .string(statement), "repetition": .int(repetition),
            "actor": .int(actor), "sex": .string(actor % 2 == 1 ? "male" : "female"),
        ]
    }
}
