// Gradients of grey frames, as numpy.gradient has them, and the magnitudes and angles that follow from them.

internal import Glibc
internal import Stages

/// The gradients of a clip, each row-major (time, height, width).
struct VoxelGradients {
    /// Along height, width and time.
    let alongHeight, alongWidth, alongTime: [Double]

    init(of grey: [Double], time: Int, height: Int, width: Int) throws(Failure) {
        for (axis, size) in [("frames", time), ("voxels along height", height), ("voxels along width", width)]
        where size < 2 {
            throw Failure("a gradient needs at least 2 \(axis), got \(size)")
        }
        alongHeight = Self.differences(of: grey, size: height, step: width)
        alongWidth = Self.differences(of: grey, size: width, step: 1)
        alongTime = Self.differences(of: grey, size: time, step: height * width)
    }

    /// Half the difference of the neighbours; at a border that of the one neighbour and the voxel itself.
    private static func differences(of values: [Double], size: Int, step: Int) -> [Double] {
        [Double](unsafeUninitializedCapacity: values.count) { differences, count in
            count = values.count
            values.withUnsafeBufferPointer { values in
                for line in stride(from: 0, to: count, by: size * step) {
                    for position in 0..<size {
                        let here = line + position * step
                        let before = position == 0 ? here : here - step
                        let after = position == size - 1 ? here : here + step
                        let divisor: Double = position == 0 || position == size - 1 ? 1 : 2
                        for index in 0..<step {
                            differences[here + index] = (values[after + index] - values[before + index]) / divisor
                        }
                    }
                }
            }
        }
    }

    var magnitudes: [Double] {
        each { x, y, z in
            let square = x * x + y * y
            return (square + z * z).squareRoot()
        }
    }

    var azimuths: [Double] { each { x, y, _ in atan2(y, x) } }

    func polars(_ variant: HogVariant) -> [Double] {
        switch variant {
        case .article: each { x, _, z in atan2(abs(x), z) }
        case .corrected: each { x, y, z in atan2((x * x + y * y).squareRoot(), z) }
        }
    }

    /// A number of each voxel, from its three gradients.
    private func each(_ number: (_ x: Double, _ y: Double, _ z: Double) -> Double) -> [Double] {
        [Double](unsafeUninitializedCapacity: alongTime.count) { numbers, count in
            count = alongTime.count
            alongHeight.withUnsafeBufferPointer { x in
                alongWidth.withUnsafeBufferPointer { y in
                    alongTime.withUnsafeBufferPointer { z in
                        for voxel in 0..<count { numbers[voxel] = number(x[voxel], y[voxel], z[voxel]) }
                    }
                }
            }
        }
    }
}
