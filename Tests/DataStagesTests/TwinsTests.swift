import Media
import Stages
import Tensors
import TestSupport
import Testing

@testable import DataStages

@Suite struct TwinsTests {
    private func stream(_ seed: Int) -> RandomStream { RandomStream(named: Digest(of: .int(seed))) }

    /// Rows of which about a third have twins.
    private func digests(_ count: Int, seed: Int) -> [Digest?] {
        var stream = stream(seed)
        return (0..<count).map { row in
            stream.index(below: 9) == 0 ? nil : Digest(of: .int(stream.index(below: count * 2)))
        }
    }

    private func splits() throws -> [any SplitStage] {
        [
            try SplitKFold(given: ["n_splits": .int(4)]),
            try SplitKFold(given: ["n_splits": .int(4), "stratify": .bool(true)]),
            try SplitHoldout(given: ["validation_size": .float(0.2)]),
            try SplitGroupKFold(given: ["n_splits": .int(4)]),
            try SplitGroupKFold(given: ["n_splits": .int(3), "stratify": .bool(true), "validation_size": .int(1)]),
            try SplitLeaveOneGroupOut(given: [:]), try SplitGroupHoldout(given: [:]),
        ]
    }

    @Test(arguments: 0..<12)
    func noTrainingRowHasTheBytesOfATestedOne(seed: Int) throws {
        let count = 60 + seed
        let digests = digests(count, seed: seed)
        let groups = (0..<count).map { Scalar.int($0 % 7) }
        let strata = (0..<count).map { Scalar.int($0 % 3) }
        for split in try splits() {
            let (folds, _) = try assignRoles(
                split: split, groups: groups, strata: strata, digests: digests, stream: stream(seed))
            var tested = [Int](repeating: 0, count: count)
            for fold in folds {
                #expect(fold.roles.count == count)
                var sides = [Digest: Set<Role>]()
                for (row, role) in fold.roles.enumerated() {
                    if role == .test { tested[row] += 1 }
                    if let digest = digests[row], role != .excluded { sides[digest, default: []].insert(role) }
                }
                #expect(sides.values.allSatisfy { $0.count == 1 })
                if split.keepsGroups {
                    for group in Set(groups) {
                        let roles = Set(zip(groups, fold.roles).filter { $0.0 == group }.map(\.1)).subtracting([
                            .excluded
                        ])
                        #expect(roles.count <= 1)
                    }
                }
            }
            if folds.count > 1 { #expect(tested.allSatisfy { $0 == 1 }) }
        }
    }

    @Test func aTwinInAnotherGroupIsKeptOutOfTrainingInTheFoldsThatTestTheOther() throws {
        let same = Digest(of: .text("same"))
        let result = try assignRoles(
            split: SplitLeaveOneGroupOut(given: [:]), groups: [.int(1), .int(1), .int(2), .int(3)], strata: nil,
            digests: [same, nil, same, nil], stream: stream(0))
        #expect(result.twins == [[0, 2]])
        #expect(
            result.folds.map(\.roles) == [
                [.test, .test, .excluded, .train], [.excluded, .train, .test, .train], [.train, .train, .train, .test],
            ])
    }

    @Test func withoutTwinsTheSplitIsAskedAsItIs() throws {
        let split = try SplitKFold(given: [:])
        let result = try assignRoles(
            split: split, groups: nil, strata: nil, digests: [Digest?](repeating: nil, count: 20), stream: stream(0))
        #expect(result.twins.isEmpty)
        #expect(result.folds == (try split.folds(of: Population(count: 20), stream: stream(0))))
    }

    @Test(.enabled(if: Shared.has("data/ravdess_odd")))
    func theDatasetsOwnTwinIsFound() throws {
        let listing = try RavdessClips(given: ["root": .text(Shared["data/ravdess_odd"])]).list()
        let digests = try listing.items.map { item -> Digest? in
            guard case .media(let location) = item.origin else { return nil }
            return try MediaReader.digest(location).digest
        }
        let (_, twins) = try assignRoles(
            split: SplitHoldout(given: [:]), groups: nil, strata: nil, digests: digests, stream: stream(0))
        #expect(twins.map { $0.map { listing.items[$0].id } } == [["01-03-01-02-01-07", "01-03-01-02-02-07"]])
    }
}
