// Law: a stage gives the same bytes twice, in any order of the samples, and on several threads at once; it draws random
// numbers exactly if it says so.

import Stages
import Tensors
import Testing

@Suite struct DeterminismLaw {
    @Test(arguments: Registered.names) func sameBytesTwice(_ name: String) throws {
        let sample = try Sample(name)
        let first: [Digest]
        do { first = try sample.outcome() } catch let failure as Failure {
            throw NoSample(
                description:
                    "\(name) cannot work on its sample (\(failure.cause)): add a case \"\(name)\" with fitting axes or "
                    + "parameters to SampleTable.swift")
        }
        #expect(!first.isEmpty)
        #expect(try sample.outcome() == first, "the same stage gave other bytes the second time")
        #expect(try Sample(name).outcome() == first, "another stage of equal parameters gave other bytes")
    }

    @Test(arguments: Registered.maps) func inTwoOrders(_ name: String) throws {
        let sample = try Sample(name)
        let forth = try (0..<16).map { try sample.map(row: $0).digest }
        let back = try (0..<16).reversed().map { try sample.map(row: $0).digest }
        #expect(forth == back.reversed())
    }

    @Test(arguments: Registered.maps) func sixteenSamplesOnThreads(_ name: String) throws {
        let sample = try Sample(name)
        let inputs = try (0..<16).map { try sample.values(row: $0) }
        let serial = try (0..<16).map { try sample.map(inputs[$0], row: $0).digest }
        let parallel = try onThreads(16) { try sample.map(inputs[$0], row: $0).digest }
        #expect(serial == parallel)
    }

    @Test(arguments: Registered.names) func wholeOutcomesOnThreads(_ name: String) throws {
        // A sample each: they share no files, so that a source is asked twice and not one file system cache.
        let samples = try (0..<4).map { _ in try Sample(name) }
        let serial = try samples[0].outcome()
        for parallel in try onThreads(4, { try samples[$0].outcome() }) { #expect(parallel == serial) }
    }

    @Test(arguments: Registered.maps) func drawsAsDeclared(_ name: String) throws {
        let sample = try Sample(name)
        let outcomes = Set(try (1...4).map { try sample.outcome(seed: $0) })
        if sample.declaration.draws {
            #expect(outcomes.count > 1, "it declares that it draws, but no stream changes its output")
        } else {
            #expect(outcomes.count == 1, "its output changes with the stream: declare draws: true")
        }
    }
}
