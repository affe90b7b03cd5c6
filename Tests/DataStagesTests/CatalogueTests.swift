import Stages
import Testing

@testable import DataStages

@Suite struct DataCatalogueTests {
    @Test func allTypesAreThereAndDescribed() {
        #expect(
            dataStages.names == [
                "files.media", "ravdess.clips", "samples.concat", "samples.join", "samples.select", "samples.stack",
                "split.by_column", "split.group_holdout", "split.group_k_fold", "split.holdout", "split.k_fold",
                "split.leave_one_group_out", "table.csv", "table.npy",
            ])
        for type in dataStages.types {
            #expect(type.declaration.arithmetic.isEmpty)
            #expect(!type.declaration.documentation.isEmpty)
            #expect(type.parameterDescriptions.allSatisfy { !$0.help.isEmpty })
            #expect(type.declaration.kind == .source || type.declaration.kind == .rows)
        }
    }
}
