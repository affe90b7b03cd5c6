// Sweeps and includes as a person meets them: what runs, what the records say, and where mistakes are told.

import TestSupport
import Testing

@Suite struct Sweeping {
    let tones = Tones()

    @Test func unitedBlocksAreRowsOfOneTable() {
        tones.folder.write(
            Tones.spec + """
                sweep:
                  - zip: {mfcc.n_mfcc: [4, 6], seed: {one: 1, two: 2}}
                  - points: [{classifier.C: 10}, {classifier.C: 1}]
                  - grid: {mfcc.n_mfcc: [5, 6, 400]}
                  - where: "mfcc.n_mfcc <= 20 / 4 or seed == 2"

                """, to: "spec.yaml")
        let result = tones.martlet("run", "spec.yaml")
        #expect(result.status == 0, "\(result.messages)")
        // The last point of the list is the spec as it is, and so is the third block's first.
        #expect(tones.column("mfcc.n_mfcc", of: "points.csv") == ["4", "6", "5", "5"])
        #expect(tones.column("seed", of: "points.csv") == ["one", "two", "0", "0"])
        #expect(tones.column("classifier.C", of: "points.csv") == ["1.0", "1.0", "10", "1"])

        // What was recorded is the same experiment.
        tones.folder.write(tones.record("spec.yaml"), to: "again.yaml")
        let points = tones.record("points.csv")
        #expect(Tones.computed(tones.martlet("run", "again.yaml")) == 0)
        #expect(tones.record("points.csv") == points)
    }

    @Test func includesAreReadFromWhereTheSpecIs() {
        tones.folder.write(Tones.spec, to: "specs/parts/base.yaml")
        tones.folder.write("include: parts/base.yaml\nstages: {mfcc: {with: {n_mfcc: 6}}}\n", to: "specs/mine.yaml")
        #expect(tones.martlet("check", "specs/mine.yaml").output == "specs/mine.yaml: ok\n")

        tones.folder.write("include: parts/base.yaml\nstages: {mfcc: {with: {n_mels: 0}}}\n", to: "specs/mine.yaml")
        let own = tones.martlet("check", "specs/mine.yaml")
        #expect(own.status == 2)
        #expect(
            own.messages.hasPrefix("specs/mine.yaml:2:32: mfcc.n_mels: expected an int of at least 1"),
            "\(own.messages)")

        tones.folder.write("include: parts/base.yaml\n", to: "specs/mine.yaml")
        tones.folder.write(Tones.spec.replacing("n_mfcc: 5", with: "n_mfcc: x"), to: "specs/parts/base.yaml")
        let theirs = tones.martlet("check", "specs/mine.yaml")
        #expect(theirs.status == 2)
        #expect(
            theirs.messages.hasPrefix("specs/parts/base.yaml:6:54: mfcc.n_mfcc: expected an int"), "\(theirs.messages)")
        #expect(tones.martlet("check", "specs/mine.yaml", "--set", "mfcc.n_mfcc=5").status == 0)
    }

    @Test func mistakesInConditionsPointIntoThem() {
        tones.folder.write(
            Tones.spec + "sweep:\n  grid: {mfcc.n_mfcc: [4, 5]}\n  where: \"20 / (5 - mfcc.n_mfcc) > 1\"\n",
            to: "spec.yaml")
        let result = tones.martlet("run", "spec.yaml")
        #expect(result.status == 2 && result.output.isEmpty)
        #expect(
            result.messages == """
                spec.yaml:16:11: sweep.where: divides by zero at the point mfcc.n_mfcc=5
                   16 |   where: "20 / (5 - mfcc.n_mfcc) > 1"
                      |           ^^^^^^^^^^^^^^^^^^^^^^
                      = put a condition before it: b != 0 and a / b < 1

                """)
        let swept = tones.martlet("check", "spec.yaml", "--sweep", "mfcc.n_mfcc=[4, 3]")
        #expect(swept.status == 0, "\(swept.messages)")
    }
}
