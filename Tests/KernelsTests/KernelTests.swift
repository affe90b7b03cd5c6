import Kernels
import Tensors
import Testing

/// Each kernel gives, bit by bit, what the plain Swift loop gives, at every length around its blocks.
struct KernelTests {
    static let lengths = [1, 2, 3, 7, 8, 31, 32, 33, 64, 100, 1025]

    /// Numbers from −1 to 1, some of them equal, some zero.
    private func numbers(_ count: Int, _ seed: Int) -> [Float] {
        var stream = RandomStream(named: Digest(of: .array([.text("kernels"), .int(seed)])))
        return (0..<count).map { index in
            index % 11 == 3 ? 0 : Float((stream.uniform() * 2 - 1) * 1000).rounded() / (index % 5 == 0 ? 1000 : 7)
        }
    }

    @Test(arguments: lengths) func extremes(_ count: Int) {
        let values = numbers(count, 1).map(abs)
        for kept in [1, 2, 5, 9, count] where kept <= count {
            var (least, greatest) = ([Float](repeating: 0, count: kept), [Float](repeating: 0, count: kept))
            kernel_extremes(values, count, kept, &least, &greatest)
            #expect(least == Array(values.sorted().prefix(kept)))
            #expect(greatest == Array(values.sorted().suffix(kept)))
        }
        #expect(kernel_greatest(values, count) == values.max())
    }

    @Test(arguments: [1, 2, 3, 7, 8, 9, 16, 18, 25, 33], [1, 2, 3, 4, 5, 8]) func axisProducts(
        _ after: Int, _ rank: Int
    ) {
        for (before, size) in [(1, 1), (3, 2), (2, 11)] {
            let (x, factor) = (numbers(before * size * after, 17), numbers(size * rank, 18))
            var (twin, made) = ([Float](), [Float](repeating: .nan, count: before * rank * after))
            for block in 0..<before {
                for row in 0..<rank {
                    for column in 0..<after {
                        var sum: Float = 0
                        for i in 0..<size {
                            sum += x[(block * size + i) * after + column] * factor[i * rank + row]
                        }
                        twin.append(sum)
                    }
                }
            }
            kernel_axis_product(x, before, size, after, factor, rank, &made)
            #expect(made == twin)
        }
    }

    @Test(arguments: lengths) func powers(_ count: Int) {
        let parts = numbers(2 * count, 2)
        var (powers, magnitudes) = ([Float](repeating: 0, count: count), [Float](repeating: 0, count: count))
        kernel_powers(parts, count, &powers)
        kernel_magnitudes(parts, count, &magnitudes)
        let twin = (0..<count).map { (index: Int) -> Float in
            let (re, im) = (parts[2 * index], parts[2 * index + 1])
            return re * re + im * im
        }
        #expect(powers == twin)
        #expect(magnitudes == twin.map { $0.squareRoot() })
    }

    @Test(arguments: lengths) func windowing(_ count: Int) {
        let (samples, window) = (numbers(count, 3), numbers(count, 4).map(Double.init))
        var windowed = [Double](repeating: 0, count: count)
        kernel_window(samples, window, count, &windowed)
        #expect(windowed == (0..<count).map { (index: Int) -> Double in Double(samples[index]) * window[index] })
        var sum = numbers(count, 5).map(Double.init)
        let twin = (0..<count).map { (index: Int) -> Double in sum[index] + Double(samples[index]) * window[index] }
        kernel_overlap(samples, window, count, &sum)
        #expect(sum == twin)
        var quotients = [Float](repeating: 0, count: count)
        let weights = numbers(count, 16).map { Double(abs($0)) }
        kernel_divide(sum, weights, count, 0.01, &quotients)
        let divided = (0..<count).map { (index: Int) -> Float in
            Float(weights[index] > 0.01 ? sum[index] / weights[index] : sum[index])
        }
        #expect(quotients == divided)
        let total = (0..<count).map { (index: Int) -> Double in sum[index] + window[index] }
        kernel_add(window, count, &sum)
        #expect(sum == total)
        let weighted = (0..<count).map { (index: Int) -> Double in sum[index] + 0.37 * window[index] }
        kernel_add_weighted(window, count, 0.37, &sum)
        #expect(sum == weighted)
        var rounded = [Float](repeating: 0, count: count)
        kernel_round(windowed, count, &rounded)
        #expect(rounded == windowed.map { Float($0) })
    }

    @Test(arguments: lengths) func vocoder(_ count: Int) {
        let (first, next) = (numbers(count, 6), numbers(count, 7))
        let (turnReal, turnImaginary) = (numbers(count, 8), numbers(count, 9))
        var (real, imaginary) = (numbers(count, 10), numbers(count, 11))
        let (before, beforeImaginary) = (real, imaginary)
        var spectrum = [Float](repeating: 0, count: 2 * count)
        kernel_vocoder(first, next, 0.75, 0.25, turnReal, turnImaginary, count, &real, &imaginary, &spectrum)
        for bin in 0..<count {
            let magnitude = 0.75 * first[bin] + 0.25 * next[bin]
            let (re, im, tr, ti) = (before[bin], beforeImaginary[bin], turnReal[bin], turnImaginary[bin])
            #expect(spectrum[2 * bin] == magnitude * re)
            #expect(spectrum[2 * bin + 1] == magnitude * im)
            let (turned, turnedImaginary): (Float, Float) = (re * tr - im * ti, re * ti + im * tr)
            #expect(real[bin] == turned)
            #expect(imaginary[bin] == turnedImaginary)
        }
    }

    @Test(arguments: lengths) func turns(_ count: Int) {
        var parts = numbers(2 * count, 12).map(Double.init)
        (parts[0], parts[1]) = (0, 0)
        var (lastReal, lastImaginary) = (numbers(count, 13).map(Double.init), numbers(count, 14).map(Double.init))
        let (before, beforeImaginary) = (lastReal, lastImaginary)
        var magnitudes = [Float](repeating: 0, count: count)
        var (real, imaginary) = (magnitudes, magnitudes)
        kernel_turns(parts, count, &lastReal, &lastImaginary, &magnitudes, &real, &imaginary)
        for bin in 0..<count {
            let (re, im) = (parts[2 * bin], parts[2 * bin + 1])
            let magnitude = (re * re + im * im).squareRoot()
            let (ur, ui): (Double, Double) = magnitude < 1e-150 ? (1, 0) : (re / magnitude, im / magnitude)
            #expect(magnitudes[bin] == Float(magnitude))
            #expect(lastReal[bin] == ur && lastImaginary[bin] == ui)
            let (lr, li) = (before[bin], beforeImaginary[bin])
            let (turned, turnedImaginary): (Double, Double) = (ur * lr + ui * li, ui * lr - ur * li)
            #expect(real[bin] == Float(turned))
            #expect(imaginary[bin] == Float(turnedImaginary))
        }
    }

    @Test(arguments: lengths, [Float(0), 0.1, 100]) func peaks(_ count: Int, _ limit: Float) {
        let values = [0] + numbers(count, 15).map(abs) + [0]
        func isPeak(_ index: Int) -> Bool {
            let value = values[index]
            guard value > limit else { return false }
            return value > (values[index - 1] > limit ? values[index - 1] : 0)
                && value >= (values[index + 1] > limit ? values[index + 1] : 0)
        }
        for from in [1, 2, count] where from <= count {
            let twin = (from...count).first(where: isPeak) ?? count + 1
            #expect(kernel_peak(values, from, count + 1, limit) == twin)
        }
    }
}
