import Stages
import Tensors
import TestSupport
import Testing

@testable import Engine

/// A sample passes through the whole chain for all variants that share it, and nothing is held for longer than it is used.
@Suite struct Streaming {
    private func spec(rows: Int, log: String = "", options: String = "") -> String {
        """
        martlet: 1
        name: stream
        stages:
          numbers: {uses: toy.numbers, with: {count: \(rows)}}
          prefix: {uses: toy.add, in: numbers, with: {value: 10, log: "\(log)"}\(options)}
          squared: {uses: toy.spectrum, in: prefix}
          variant: {uses: toy.round, in: squared}
        sweep: {grid: {variant.value: [\((1...24).map(String.init).joined(separator: ", "))]}}
        """
    }

    @Test func aSharedPrefixIsComputedOnceASample() throws {
        let log = "shared prefix"
        let finished = try Workshop().run(spec(rows: 50, log: log))
        #expect(ToyLog.notes(of: log).sorted() == (0..<50).map(Double.init))
        let stages = finished.text("stages.csv").split(separator: "\n")
        #expect(stages.contains { $0.hasPrefix("prefix,toy.add,map,,50,0,0,0,") }, "\(stages)")
        #expect(finished.computed["variant"] == 24 * 50)
    }

    @Test func whatIsHeldDoesNotGrowWithTheSamples() throws {
        let held = try [100, 2000].map { rows in
            let run = try Workshop().run(spec(rows: rows)).run
            return run.footprints.map { $0.withLock { $0.expected(share: 0) } }
        }
        #expect(held[0] == held[1])
        #expect(held[0].contains { $0 > 0 })
    }

    @Test func fewSamplesAreSharedOutAmongTheWorkers() throws {
        let text = spec(rows: 1).replacing("in: squared", with: "in: prefix")
        let finished = try Workshop().run(text)
        #expect(finished.run.units.count { $0.kind == .region } == 1 + 24 + 1)
        #expect(finished.computed["variant"] == 24)
        #expect(try Workshop().run(text, jobs: 1).lasting == finished.lasting)
    }

    /// What is never kept is made again where it is needed, under the digest that it had.
    @Test func keepNeverStoresNoValue() throws {
        let shop = Workshop()
        let log = "never kept"
        _ = try shop.run(spec(rows: 10, log: log, options: ", keep: never"))
        #expect(try shop.run(spec(rows: 10, log: log, options: ", keep: never")).idle)
        #expect(ToyLog.notes(of: log).count == 10)
        _ = try shop.run(
            spec(rows: 10, log: log, options: ", keep: never"), set: ["variant.value": "25"])
        #expect(ToyLog.notes(of: log).count == 20)
    }

    @Test func keepAlwaysStoresEvenWhatIsTransient() throws {
        func spec(_ value: Int) -> String {
            """
            martlet: 1
            name: stream
            stages:
              numbers: {uses: toy.numbers, with: {count: 10}}
              squared: {uses: toy.spectrum, in: numbers, with: {log: always kept}, keep: always}
              variant: {uses: toy.round, in: squared, with: {value: \(value)}}
            """
        }
        let shop = Workshop()
        _ = try shop.run(spec(1))
        let second = try shop.run(spec(2))
        #expect(second.computed["variant"] == 10)
        #expect(ToyLog.notes(of: "always kept").count == 10)
    }

    @Test func keepIsNoPartOfAnyIdentity() throws {
        let shop = Workshop()
        let first = try shop.run(spec(rows: 10))
        let second = try shop.run(spec(rows: 10, options: ", keep: always, timeout: 1h, memory: 1GB, threads: 2"))
        #expect(second.idle)
        #expect(first.text("lock.json") == second.text("lock.json"))
    }

    @Test func aValueThatIsLargerThanTheBudgetFailsItsSample() throws {
        let finished = try Workshop().run(spec(rows: 3), memory: 10)
        #expect(finished.run.ending == .failed)
        #expect(
            finished.run.failures.first?.cause
                == "its value takes 24 bytes, more than the memory budget of 10 bytes")
    }

    @Test func aBudgetForOneSampleAtATimeIsEnough() throws {
        let small = try Workshop().run(spec(rows: 20), jobs: 4, memory: 100)
        #expect(small.run.ending == .complete)
        #expect(try small.lasting == Workshop().run(spec(rows: 20)).lasting)
    }

    @Test func onlyWhatLeadsToAStageIsRun() throws {
        let finished = try Workshop().run(spec(rows: 10), upTo: "prefix")
        #expect(finished.computed["prefix"] == 10)
        #expect(finished.computed["variant"] == nil)
        #expect(throws: Problem.self) { try Workshop().run(spec(rows: 10), upTo: "prefxi") }
    }

    /// The same items whatever others there are, so that what was computed for a few counts for many.
    @Test func aLimitTakesTheSameItemsEachTime() throws {
        let shop = Workshop()
        let few = try shop.run(spec(rows: 30), limit: 5)
        #expect(few.computed["prefix"] == 5)
        let more = try shop.run(spec(rows: 30), limit: 12)
        #expect(more.computed["prefix"] == 7)
        #expect(try shop.run(spec(rows: 30)).computed["prefix"] == 18)
    }
}
