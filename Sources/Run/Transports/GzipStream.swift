internal import CZlib

/// zlib's own state, freed with its owner.
private final class Deflation {
  let stream: UnsafeMutablePointer<z_stream>

  init() {
    stream = .allocate(capacity: 1)
    stream.initialize(to: z_stream())
    // The fastest level: what is waited for is the line, not the last percents. It fails only where
    // there is no memory for its state, which ends a program in Swift anyway.
    guard czlib_begin(stream, 1) == Z_OK else { fatalError("zlib can't begin") }
  }

  deinit {
    deflateEnd(stream)
    stream.deinitialize(count: 1)
    stream.deallocate()
  }
}

/// A gzip stream of data that comes in pieces; works away from event loops, which it would stop.
actor GzipStream {
  private let deflation = Deflation()
  private static let room = 1 << 18

  /// What the next piece becomes, and with the last one the end; may be empty before that.
  func next(_ bytes: [UInt8], isLast: Bool) -> [UInt8] {
    let stream = deflation.stream
    var made: [UInt8] = []
    bytes.withUnsafeBufferPointer { input in
      // zlib declares its input without const, and doesn't write to it.
      stream.pointee.next_in = UnsafeMutablePointer(mutating: input.baseAddress)
      stream.pointee.avail_in = UInt32(input.count)
      repeat {
        made += [UInt8](unsafeUninitializedCapacity: Self.room) { output, length in
          stream.pointee.next_out = output.baseAddress
          stream.pointee.avail_out = UInt32(output.count)
          deflate(stream, isLast ? Z_FINISH : Z_NO_FLUSH)
          length = output.count - Int(stream.pointee.avail_out)
        }
      } while stream.pointee.avail_out == 0
    }
    return made
  }
}

/// Whether compressing what is uploaded is quicker than sending it as it is.
struct CompressionTrial: Hashable, Sendable {
  /// How long a byte of the sample took to compress, in seconds.
  var cost: Double
  /// The sample's compressed size over its size.
  var ratio: Double

  /// Whether it pays where a byte takes `passage` seconds on its way. The host must unpack it, too,
  /// so a small gain is none.
  func pays(where passage: Double) -> Bool { cost + ratio * passage < 0.7 * passage }

  /// Compresses a sample.
  static func run(on sample: [UInt8]) async -> CompressionTrial {
    let clock = ContinuousClock()
    let start = clock.now
    let size = await GzipStream().next(sample, isLast: true).count
    let count = Double(max(sample.count, 1))
    return CompressionTrial(
      cost: (clock.now - start) / .seconds(1) / count, ratio: Double(size) / count)
  }
}
