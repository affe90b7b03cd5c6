// martlet-media: decodes and encodes foreign media for martlet. The only program that is linked to libav, so that martlet
// starts fast, and a file that a decoder crashes or hangs on costs one sample.

@main
enum Main {
    static func main() {}
}
