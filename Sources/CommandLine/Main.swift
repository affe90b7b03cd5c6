// The executable: the command line with the built-in stage types.

internal import Martlet

@main
enum Main {
    static func main() {
        Martlet.main()
    }
}
