// martlet-media: decodes and encodes foreign media for martlet. The only program that is linked to libav, so that martlet
// starts fast, and a file that a decoder crashes, hangs or swells on costs one sample. It has the catalogue's stages that
// read media, whole: a video is shrunk where it is decoded, and only what is left of it travels.

internal import AudioStages
internal import Engine
internal import Foundation
internal import Media
internal import Stages
internal import Tensors
internal import VideoStages

@main
enum Main {
    static func main() {
        LibAVLog.start()
        ForeignMedia.decoder.withLock { $0 = LibAV() }
        do {
            try IsolatedStages.serve(audioStages + videoStages + Catalogue([EncodeMp4.self, LibAVVersion.self]))
        } catch {
            FileHandle.standardError.write(
                Data("martlet-media is started by martlet itself, with a connection to its parent\n".utf8))
            exit(2)
        }
    }
}
