// Ctrl-C and SIGTERM: the first stops new work and lets what runs end; the second ends the process at once.

internal import Engine
internal import Foundation
internal import Synchronization

enum Interruption {
    static let flag = StopFlag()
    private static let received = Atomic<Int32>(0)

    static func listen() {
        // Touched here, so that the handler initializes nothing.
        _ = (flag.isUp, exitCode)
        for number in [SIGINT, SIGTERM] {
            signal(number) { number in
                if Interruption.received.exchange(number, ordering: .relaxed) != 0 { _exit(128 + number) }
                Interruption.flag.raise(.interrupt)
            }
        }
    }

    static var exitCode: Int32 {
        let number = received.load(ordering: .relaxed)
        return 128 + (number == 0 ? SIGINT : number)
    }
}
