// Laws of sources: one listing however the file system orders its names, ids that are unique and in order, and a
// failure that says where it looked when there is nothing.

import Media
import Stages
import Tensors
import TestSupport
import Testing

@Suite struct SourceLaw {
    @Test(arguments: Registered.sources) func listingIsInOrderAndTheSameTwice(_ name: String) throws {
        let sample = try Sample(name)
        let stage = try #require(sample.stage as? any SourceStage)
        let listing = try stage.list()
        let ids = listing.items.map(\.id)
        #expect(Set(ids).count == ids.count && !ids.contains(""))
        #expect(ids == ids.sorted(by: precedes), "items come in the order of their ids")
        #expect(try stage.list().items.map(\.id) == ids)
        #expect(try stage.list().notes == listing.notes)
        let names = Set(listing.items.map { Set($0.columns.keys) })
        #expect(names.count == 1, "all items have the same columns, missing or not")
        for column in names.first ?? [] {
            let types = Set(listing.items.compactMap { $0.columns[column]?.typeName }).subtracting(["missing"])
            #expect(types.count <= 1, "\(column) has values of several types: \(types.sorted())")
        }
        for item in listing.items {
            #expect(
                !item.path.isEmpty && !item.path.contains(sample.scratch.path), "a path is told from below the root")
        }
    }

    /// Files that were made in another order have other places in their directory.
    @Test(arguments: Registered.sources) func orderOfFilesDoesNotMatter(_ name: String) throws {
        let sample = try Sample(name)
        let before = try sample.outcome()
        let files = try SourcePlaces.files(below: sample.scratch.path)
        let bytes = try files.map { try MediaReader.read(sample.scratch[$0]) }
        for file in files { SourcePlaces.remove(sample.scratch[file]) }
        for (file, content) in zip(files, bytes).reversed() { sample.scratch.write(content, to: file) }
        #expect(try sample.outcome() == before)
    }

    @Test(arguments: Registered.sources) func missingPlaceIsNamedWhole(_ name: String) throws {
        let sample = try Sample(name)
        let absent = "no-such-place/here"
        for parameter in sample.type.parameterDescriptions {
            guard let value = SourcePlaces.value(absent, for: parameter.kind) else { continue }
            let given = sample.given.merging([parameter.name: value]) { _, new in new }
            let stage = try #require(try sample.type.init(given: given) as? any SourceStage)
            do {
                _ = try stage.list()
                Issue.record("\(parameter.name): a place that is not there was listed")
            } catch {
                let failure = try #require(error as? Failure, "\(error)")
                #expect(failure.cause.contains(absolutePath(absent)), "\(parameter.name): \(failure.cause)")
            }
        }
    }

    @Test(arguments: Registered.sources) func placesAreDeclared(_ name: String) throws {
        let parameters = try Registered.type(name).parameterDescriptions
        #expect(
            parameters.contains { SourcePlaces.value("x", for: $0.kind) != nil },
            "a source reads what a parameter of kind file or location names, and nothing else")
    }
}
