/// libFuzzer's target: see FuzzBodies.configuration.
@_cdecl("LLVMFuzzerTestOneInput")
public func fuzz(_ start: UnsafePointer<UInt8>?, _ count: Int) -> CInt {
  FuzzBodies.configuration(Array(UnsafeBufferPointer(start: start, count: count)))
  return 0
}
