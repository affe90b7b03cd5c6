// How a command ends: each error as a sentence for people on standard error, and as an exit code.

internal import ArgumentParser
internal import Cache
internal import Engine
internal import Foundation
internal import Media
internal import Spec
internal import Stages
internal import Tensors
internal import Workers

/// Exit codes: 0 done, 1 finished with failures, 2 wrong spec or usage, 3 a stage or the data failed, 4 the surroundings,
/// 130/143 interrupted.
struct Exit: Error {
    let code: Int32
}

/// Wrong usage that the parser of arguments cannot see.
struct UsageError: Error {
    let message: String
}

enum Ending {
    /// Results that did not reach standard output were not given; a reader that has seen enough is content.
    static func flushed(_ code: Int32) -> Int32 {
        if fflush(nil) == 0 || errno == EPIPE { return code }
        Terminal.say("error: standard output cannot be written: \(String(cString: strerror(errno)))")
        return max(code, 4)
    }

    static func finish(with error: any Error) -> Int32 {
        switch error {
        case let exit as Exit: return exit.code
        case let errors as SpecErrors:
            Terminal.say(SpecErrorText.render(errors))
            return 2
        case let error as UsageError:
            Terminal.say("error: " + error.message)
            return 2
        case let problem as Problem:
            Terminal.say("error: " + problem.message + (problem.advice.map { "\n    = " + $0 } ?? ""))
            return 2
        case let error as SourceError:
            Terminal.say(SpecErrorText.render(error.located))
            return 3
        case let failure as Failure:
            Terminal.say("error: " + failure.sentence)
            return 3
        case let error as MediaError:
            Terminal.say("error: " + error.cause + (error.advice.map { "\n    = " + $0 } ?? ""))
            return 3
        case let error as CacheError:
            Terminal.say("error: \(error)")
            return 4
        case is WorkerError, is MediaProcessMissing:
            Terminal.say("error: \(error)")
            return 4
        case let error as RecordsError:
            Terminal.say("error: \(error)" + (error.advice.map { "\n    = " + $0 } ?? ""))
            return 4
        default:
            let code = MartletCommand.exitCode(for: error)
            if code == .success {
                print(MartletCommand.fullMessage(for: error))
                return 0
            }
            Terminal.say(MartletCommand.fullMessage(for: error))
            return code == .validationFailure ? 2 : 3
        }
    }
}

extension Failure {
    /// Cause and advice as one line.
    var sentence: String { advice.map { cause + "\n    = " + $0 } ?? cause }
}
