/// libFuzzer's target: see FuzzBodies.knownHosts.
@_cdecl("LLVMFuzzerTestOneInput")
public func fuzz(_ start: UnsafePointer<UInt8>?, _ count: Int) -> CInt {
  FuzzBodies.knownHosts(Array(UnsafeBufferPointer(start: start, count: count)))
  return 0
}
