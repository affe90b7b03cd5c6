// ravdess.clips

internal import Media
internal import Stages
internal import Tensors

struct RavdessClips: SourceStage {
    struct Parameters: ParameterSet {
        var root = ""
        var modality = Choice<RavdessModality>.one(.audioOnly)
        var channel = Choice<RavdessChannel>.one(.speech)
        var actors: [Int]?

        static var fields: [Field<Self>] {
            [
                Field(
                    "root", \.root, as: .location, isRequired: true,
                    "a directory with clips, packed or unpacked, at any depth; or a zip"),
                Field("modality", \.modality, "which clips: face, voice or both; any for all of them"),
                Field("channel", \.channel, "spoken or sung; any for both"),
                Field(
                    "actors", \.actors, as: .optional(.list(.int(.between(1, 99)))),
                    "the numbers of the actors to take; null for all"),
            ]
        }
    }

    static let declaration = Declaration(
        "ravdess.clips", revision: 2, kind: .source,
        summary: "The clips of RAVDESS, or of any data named like it.",
        documentation: """
            Looks through `root`, at any depth, for files named by RAVDESS's seven fields (03-01-06-01-02-01-12) that end \
            in .wav, .flac, .ogg or .mp4, and into every .zip there: the dataset's own zips need no unpacking. `root` may \
            itself be a zip. Other files are passed over, with a note.

            The id is the name without its modality, 01-06-01-02-01-12, so that the face and the voice of a recording \
            meet by id; with `modality: any`, where both would have one id, it is the whole name.

            Face and voice: one stage of each `modality`, and both are given to `tensor.concat`. Where some recordings \
            lack one of them, two `samples.join` with `unmatched: drop` bring both to what they share: \
            {left: faces, right: voices}, once as it is and once with `value: right`.

            Columns: `channel` (speech, song), `emotion` (neutral, calm, happy, sad, angry, fearful, disgust, \
            surprised), `intensity` (normal, strong), `statement` (kids, dogs), `repetition`, `actor`, `sex` (male where \
            the actor's number is odd); with `modality: any` also `modality` (audio_video, video_only, audio_only).

            No clip found, and two files that would have one id, are failures. Livingstone and Russo (2018), \
            doi:10.1371/journal.pone.0196391; the data: doi:10.5281/zenodo.1188976 (CC BY-NC-SA 4.0).
            """,
        output: "media, one item a clip")

    let parameters: Parameters
    init(_ parameters: Parameters) { self.parameters = parameters }

    func output(for inputs: [Signature]) throws(Problem) -> Signature { .media }

    func list() throws -> Listing {
        var found: Found
        do throws(MediaError) { found = try Found(below: absolutePath(parameters.root)) } catch {
            throw error.isMissing ? Failure(error.cause, advice: Self.howToGetData) : Failure(error)
        }
        let chosen = found.clips.filter(isChosen)
        guard !chosen.isEmpty else { throw nothing(found) }
        let items = chosen.map { clip in
            // What is the same for all is no column: the two rows of a recording would contradict each other in it.
            let isAny = parameters.modality == .any
            return ListedItem(
                id: isAny ? clip.name.text : clip.name.recording,
                columns: clip.name.columns.filter { isAny || $0.key != "modality" }, origin: .media(clip.location),
                path: clip.path)
        }.sorted { $0.id == $1.id ? precedes($0.path, $1.path) : precedes($0.id, $1.id) }
        for (one, next) in zip(items, items.dropFirst()) where one.id == next.id {
            throw Failure(
                "two files would both be \(one.id): \(one.path) and \(next.path), below \(absolutePath(parameters.root))",
                advice: "remove one of them, or set root to the directory or zip that holds the copies to use")
        }
        if !found.others.isEmpty {
            found.notes.append(
                "passed over \(counted(found.others.count, "file")) not named like a RAVDESS clip: \(firstFew(found.others))"
            )
        }
        return Listing(items: items, signature: .media, notes: found.notes)
    }

    private func isChosen(_ clip: Clip) -> Bool {
        parameters.modality.includes(clip.name.modality) && parameters.channel.includes(clip.name.channel)
            && parameters.actors?.contains(clip.name.actor) ?? true
    }

    private func nothing(_ found: Found) -> Failure {
        let place = absolutePath(parameters.root)
        guard found.clips.isEmpty else {
            let kinds = Set(found.clips.map { $0.name.modality.rawValue + " " + $0.name.channel.rawValue }).sorted(
                by: precedes)
            let actors = Set(found.clips.map(\.name.actor)).sorted()
            return Failure(
                "none of the \(counted(found.clips.count, "clip")) below \(place) has modality \(parameters.modality.word), "
                    + "channel \(parameters.channel.word)"
                    + (parameters.actors.map { " and an actor of \($0.map(String.init).joined(separator: ", "))" } ?? "")
                    + "; they are \(kinds.joined(separator: ", ")), "
                    + (actors.count > 1 ? "actors \(actors[0]) to \(actors[actors.count - 1])" : "actor \(actors[0])"),
                advice: "set modality, channel or actors to what is there")
        }
        let others = found.others.isEmpty ? "it has no files" : "it has \(firstFew(found.others))"
        return Failure(
            "no clip was found below \(place): looked for names like 03-01-06-01-02-01-12 ending in .wav, .flac, .ogg or .mp4, "
                + "also in zips; \(others)", advice: Self.howToGetData)
    }

    static let howToGetData =
        "set root to where RAVDESS is (doi.org/10.5281/zenodo.1188976 has it; the zips can stay packed), or make practice data "
        + "with: martlet synth"
}

/// A file named like a clip.
private struct Clip {
    let name: RavdessName
    let location: MediaLocation
    let path: String
}

/// What lies below the root.
private struct Found {
    var clips = [Clip]()
    var others = [String]()
    var notes = [String]()

    init(below root: String) throws(MediaError) {
        do throws(MediaError) {
            let directory = try DirectoryListing(root)
            notes = directory.notes
            for file in directory.files {
                if file.lowercased().hasSuffix(".zip") {
                    try look(into: directory.path(of: file), called: file)
                } else {
                    take(file, MediaLocation(path: directory.path(of: file)))
                }
            }
        } catch .notADirectory {
            try look(into: root, called: "")
        }
    }

    private mutating func look(into zip: String, called name: String) throws(MediaError) {
        let listing = try ZipListing(zip)
        notes += listing.notes
        for member in listing.members {
            take(name.isEmpty ? member.name : name + "!" + member.name, MediaLocation(path: zip, member: member.name))
        }
    }

    private mutating func take(_ path: String, _ location: MediaLocation) {
        let file = (location.member ?? path).split(separator: "/").last ?? ""
        // Hidden files, and what macOS adds to zips.
        if file.hasPrefix(".") { return }
        if let name = RavdessName(file: file) {
            clips.append(Clip(name: name, location: location, path: path))
        } else {
            others.append(path)
        }
    }
}
