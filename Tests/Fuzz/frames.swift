/// libFuzzer's target: see FuzzBodies.frames.
@_cdecl("LLVMFuzzerTestOneInput")
public func fuzz(_ start: UnsafePointer<UInt8>?, _ count: Int) -> CInt {
  FuzzBodies.frames(Array(UnsafeBufferPointer(start: start, count: count)))
  return 0
}
