// martlet worker: the other end of an isolated stage. Not for people; it is started by martlet itself.

internal import ArgumentParser
internal import Engine
internal import Stages
internal import Tensors

struct WorkerCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "worker", abstract: "Run isolated stages for another martlet.", shouldDisplay: false)

    func run() throws {
        do { try IsolatedStages.serve(installed.withLock { $0 }) } catch let problem as Problem {
            throw UsageError(message: problem.message)
        }
    }
}
