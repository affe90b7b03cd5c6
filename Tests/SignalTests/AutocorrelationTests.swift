import Foundation
import Tensors
import Testing

@testable import Signal

@Suite struct AutocorrelationTests {
    @Test(arguments: [(1, 1, 0), (4, 2, 3), (9, 4, 8), (64, 16, 20), (100, 33, 99)])
    func agreesWithTheDefinition(size: Int, hop: Int, lags: Int) {
        let signal = (0..<150).map { Float(sin(Double($0) * 0.3) + 0.2 * cos(Double($0 * $0))) }
        for padding in [nil, Padding.constant, .reflect] {
            let frames = FrameAutocorrelation(size: size, hop: hop, lags: lags, padding: padding)
            let (correlations, energies) = frames.values(of: signal)
            #expect(correlations.count == frames.frames(150) * (lags + 1) && energies.count == correlations.count)
            for frame in 0..<frames.frames(150) {
                let start = frame * hop - (padding == nil ? 0 : size / 2)
                let samples = (start..<start + size).map { position -> Double in
                    guard let padding else { return Double(signal[position]) }
                    return padding.source(of: position, count: 150).map { Double(signal[$0]) } ?? 0
                }
                for lag in 0...lags {
                    let sum = (0..<size - lag).reduce(0) { $0 + samples[$1] * samples[$1 + lag] }
                    let energy = samples.prefix(lag).reduce(0) { $0 + $1 * $1 }
                    #expect(abs(correlations[frame * (lags + 1) + lag] - sum) < 1e-10)
                    #expect(abs(energies[frame * (lags + 1) + lag] - energy) < 1e-10)
                }
            }
        }
    }

    @Test func quickSizesHaveSmallFactorsOnly() {
        for least in 1...3000 {
            let size = FrameAutocorrelation.quickSize(atLeast: least)
            #expect(size >= least && size.isMultiple(of: 2) && size <= max(2, 2 * least))
            var rest = size
            for factor in [2, 3, 5] { while rest.isMultiple(of: factor) { rest /= factor } }
            #expect(rest == 1)
        }
        #expect(FrameAutocorrelation.quickSize(atLeast: 2388) == 2400)
    }

    @Test func noFrames() {
        #expect(FrameAutocorrelation(size: 8, hop: 2, lags: 3, padding: nil).frames(7) == 0)
        #expect(FrameAutocorrelation(size: 8, hop: 2, lags: 3, padding: .constant).values(of: []).correlations.isEmpty)
    }
}
