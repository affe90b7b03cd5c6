// A package with stage types of its own, as a user would write it: the command line of Martlet with the toy stages. Tests
// of isolated stages run it, as the child process must know the types.

internal import Martlet
internal import Stages
internal import TestSupport

@main
enum Main {
    static func main() {
        Martlet.main(adding: toyStages + toyFitted)
    }
}
