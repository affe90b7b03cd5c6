// The front door: what a package with stage types of its own imports. `Martlet.main(adding:)` is the whole command line,
// with those types beside the built-in ones.

internal import ArgumentParser
internal import AudioStages
internal import DataStages
internal import Foundation
internal import LearningStages
public import Stages
internal import Tensors
internal import VideoStages
internal import Workers

/// The version of Martlet.
public let version = "0.1.0"

/// The stage types that come with Martlet.
public let builtInStages = dataStages + audioStages + videoStages + learningStages

/// The catalogue of this process.
let installed = Lock(builtInStages)

/// Runs the command line and ends the process.
/// - Parameter stages: stage types beside the built-in ones.
public func main(adding stages: Catalogue = Catalogue([])) -> Never {
    installed.withLock { $0 = $0 + stages }
    // Where a standard stream is closed, a file of the cache would get its number, and words would be written into it.
    while case let descriptor = open("/dev/null", O_RDWR), descriptor >= 0 {
        if descriptor > STDERR_FILENO {
            close(descriptor)
            break
        }
    }
    useOneLibraryThread()
    Heap.keepsFreed()
    // A reader that has seen enough (`| head`) ends the pipe; that is no crash.
    signal(SIGPIPE, SIG_IGN)
    do {
        var command = try MartletCommand.parseAsRoot()
        try command.run()
        exit(Ending.flushed(0))
    } catch {
        exit(Ending.flushed(Ending.finish(with: error)))
    }
}

/// OpenBLAS starts a thread for each core when it is loaded, and each spins for a while before it sleeps; our own workers
/// are all the threads there should be. It reads its environment at loading time only, so a command that computes begins
/// again with the variable set.
private func useOneLibraryThread() {
    let computes = ["run", "apply", "reproduce", "peek", "show"].contains(CommandLine.arguments.dropFirst().first)
    guard computes, getenv("OPENBLAS_NUM_THREADS") == nil else { return }
    setenv("OPENBLAS_NUM_THREADS", "1", 1)
    var arguments: [UnsafeMutablePointer<CChar>?] = CommandLine.arguments.map { strdup($0) } + [nil]
    // Where this does not work, all that is lost is some idle spinning.
    execv("/proc/self/exe", &arguments)
}

/// The command line.
struct MartletCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "martlet",
        abstract: "Runs experiments that are written down, and computes nothing twice.",
        discussion: """
            A YAML file says which data, which stages, which values to sweep and how to split; `martlet run` computes only \
            what was never computed before, on all cores, and writes every number to CSV.

            Example: martlet run experiments/quickstart.yaml
            """,
        version: version,
        subcommands: [
            RunCommand.self, PlanCommand.self, CheckCommand.self, StagesCommand.self, ApplyCommand.self,
            RunsCommand.self, ReproduceCommand.self, PeekCommand.self, ShowCommand.self, GraphCommand.self,
            SchemaCommand.self,
            CacheCommand.self, SynthCommand.self, DoctorCommand.self, WorkerCommand.self,
        ])
}
