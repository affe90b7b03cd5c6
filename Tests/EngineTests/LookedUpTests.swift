import Stages
import Tensors
import TestSupport
import Testing

@testable import Engine

/// A table that is only looked up in gives columns: it makes no items alike, and no rows stay together for it.
@Suite struct LookedUp {
    private func spec(_ shop: Workshop, _ stages: String) -> String {
        let codes = (0..<24).map { "row_00" + ($0 < 10 ? "0" : "") + "\($0),r\($0 % 3),\(20 + $0 / 6)" }
        let rooms = (0..<6).map { "g\($0),\($0),\($0 * 10)" }
        shop.write(Array((["id,room,age"] + codes).joined(separator: "\n").utf8), to: "codes.csv")
        shop.write(Array((["id,group,size"] + rooms).joined(separator: "\n").utf8), to: "rooms.csv")
        return """
            martlet: 1
            name: looked-up
            stages:
              numbers: {uses: toy.numbers}
              codes: {uses: table.csv, with: {path: \(shop.directory)/codes.csv, id: id, columns: [room]}}
              rooms: {uses: table.csv, with: {path: \(shop.directory)/rooms.csv, id: id, columns: [group]}}
            \(stages)
              guess: {uses: classify.dummy, in: joined}
              scores: {uses: evaluate.classification, in: guess}
            target: label
            split: {uses: split.k_fold, with: {n_splits: 3, stratify: true}}
            """
    }

    private func sizes(_ finished: Workshop.Finished) -> [[Int]] {
        finished.plan.trials.map { trial in
            [finished.plan.rows(of: trial, .train).count, finished.plan.rows(of: trial, .test).count]
        }
    }

    @Test func equalValuesThereAreNoTwins() throws {
        let shop = Workshop()
        let finished = try shop.run(
            spec(shop, "  joined: {uses: samples.join, in: {left: numbers, right: codes}, with: {on: id}}"))
        #expect(finished.plan.twins.isEmpty)
        #expect(sizes(finished) == [[16, 8], [16, 8], [16, 8]])
    }

    @Test func manyRowsOfOneLookedUpRowAreDividedEachForItself() throws {
        let shop = Workshop()
        let finished = try shop.run(
            spec(shop, "  joined: {uses: samples.join, in: {left: numbers, right: rooms}, with: {on: group}}"))
        #expect(sizes(finished) == [[16, 8], [16, 8], [16, 8]])
    }

    @Test func aColumnThatSaysTheTargetIsWarnedOf() throws {
        let shop = Workshop()
        let spec = spec(shop, "  joined: {uses: samples.join, in: {left: numbers, right: codes}, with: {on: id}}")
        #expect(try shop.run(spec).plan.warnings.isEmpty)
        let telling = spec.replacing(
            "guess: {uses: classify.dummy, in: joined}",
            with:
                "guess: {uses: classify.dummy, in: scaled}\n  scaled: {uses: scale.standard, in: joined, with: {by: room}}"
        )
        // Rows of one label are all in one room.
        #expect(
            try shop.run(telling).plan.warnings == [
                "scaled reads the column room, which says the target label one to one"
            ])
    }

    /// What shares a value is on one side.
    @Test func rowsThatShareAValueStayTogether() throws {
        let shop = Workshop()
        let text = spec(
            shop,
            "  joined: {uses: samples.join, in: {left: numbers, right: rooms}, with: {on: group, value: right}}"
        ).replacing(", stratify: true", with: "")
        let finished = try shop.run(text)
        for trial in finished.plan.trials {
            let groups = { (role: Role) in
                Set(
                    finished.plan.rows(of: trial, role).compactMap {
                        finished.plan.rowSets[trial.rows].columns["group"]?[$0].description
                    })
            }
            #expect(groups(.train).isDisjoint(with: groups(.test)))
        }
    }

    /// Both sides give values, and meet only behind what is fitted.
    @Test func sidesThatMeetBehindAFitAreDividedTogether() throws {
        let shop = Workshop()
        let finished = try shop.run(
            spec(
                shop,
                """
                  left: {uses: samples.join, in: {left: numbers, right: rooms}, with: {on: group}}
                  right: {uses: samples.join, in: {left: numbers, right: rooms}, with: {on: group, value: right}}
                  one: {uses: toy.mean, in: left}
                  other: {uses: toy.mean, in: right}
                  joined: {uses: tensor.concat, in: [one, other], with: {flatten: true}}
                """
            ).replacing(", stratify: true", with: ""))
        #expect(finished.run.ending == .complete, "\(finished.run.failures)")
        for trial in finished.plan.trials {
            let sides = [Role.train, .test].map { role in
                Set(finished.plan.rows(of: trial, role).flatMap { finished.plan.rowSets[trial.rows].origins(of: $0) })
            }
            #expect(sides[0].isDisjoint(with: sides[1]))
        }
    }

    /// What a fold may not lose is asked of each point by its own columns.
    @Test func pointsWithColumnsOfTheirOwnShareAFold() throws {
        let shop = Workshop()
        for name in ["one", "two"] {
            let rows = (0..<24).map {
                "row_00" + ($0 < 10 ? "0" : "") + "\($0),y\($0 % 2),\($0 == 7 ? "solo" : "g\($0 / 6)")"
            }
            shop.write(Array((["id,y_\(name),g_\(name)"] + rows).joined(separator: "\n").utf8), to: name + ".csv")
        }
        func finished(_ sweep: String) throws -> [TrialStatus] {
            try shop.run(
                """
                martlet: 1
                name: own-columns
                stages:
                  numbers: {uses: toy.numbers}
                  picky: {uses: toy.picky, in: numbers, with: {value: 7}}
                  labels:
                    cases:
                      one: {uses: table.csv, with: {path: \(shop.directory)/one.csv, id: id, features: []}}
                      two: {uses: table.csv, with: {path: \(shop.directory)/two.csv, id: id, features: []}}
                    default: one
                  joined: {uses: samples.join, in: {left: picky, right: labels}, with: {on: id}}
                  mark: {uses: toy.mark, in: joined}
                  stack: {uses: toy.stack, in: mark, with: {value: 2}}
                  guess: {uses: classify.dummy, in: stack}
                  scores: {uses: evaluate.classification, in: guess}
                target: y_one
                group: g_one
                split: {uses: split.group_k_fold, with: {n_splits: 2}}
                sweep: {points: [\(sweep)]}
                """, keepsGoing: true
            ).run.trialResults.map(\.status)
        }
        let (one, two) = ("{target: y_one, group: g_one, labels: one}", "{target: y_two, group: g_two, labels: two}")
        let alone = try finished(two)
        #expect(alone.count == 2)
        #expect(try finished(one + ", " + two) == finished(one) + alone)
    }

    @Test func aJoinBehindAFitDividesTheRowsThatStay() throws {
        let shop = Workshop()
        let finished = try shop.run(
            spec(
                shop,
                """
                  mean: {uses: toy.mean, in: numbers}
                  joined: {uses: samples.join, in: {left: mean, right: codes}, with: {on: id}}
                """))
        #expect(sizes(finished) == [[16, 8], [16, 8], [16, 8]])
    }
}
