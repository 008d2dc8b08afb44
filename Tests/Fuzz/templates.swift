/// The door of libFuzzer: `Scripts/fuzz templates`.
@_cdecl("LLVMFuzzerTestOneInput")
public func fuzzTemplates(_ data: UnsafePointer<UInt8>?, _ count: Int) -> CInt {
  TemplateFuzz.run(Array(UnsafeBufferPointer(start: data, count: count)))
  return 0
}
