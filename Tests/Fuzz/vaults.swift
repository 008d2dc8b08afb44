/// libFuzzer's target: see VaultFuzz.
@_cdecl("LLVMFuzzerTestOneInput")
public func fuzz(_ start: UnsafePointer<UInt8>?, _ count: Int) -> CInt {
  VaultFuzz.run(Array(UnsafeBufferPointer(start: start, count: count)))
  return 0
}
