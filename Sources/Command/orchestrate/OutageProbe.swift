import Hosts
import Inspection
import Layouts

/// Asks the API at the endpoint every 100 ms, from one host, until it is told to stop.
///
/// Each request is a process of its own, so one that hangs doesn't delay the next.
struct OutageProbe: Sendable {
  let session: ClusterSession
  let endpoint: Bind
  /// A host of the cluster, or `localhost`.
  let origin: String
  private let stopFile: String

  init(_ session: ClusterSession, at endpoint: Bind, from origin: String) {
    self.session = session
    self.endpoint = endpoint
    self.origin = origin
    stopFile = "/tmp/orchestrate-drill.\(UInt32.random(in: .min ... .max))"
  }

  /// - Parameter limit: seconds after which it ends by itself.
  /// - Returns: The samples, in this machine's time.
  func run(limit: Int) async throws(HostError) -> [ProbeSample] {
    let skew = try await skew()
    let url = Shell.quote("https://\(endpoint)/readyz")
    let script = """
      command -v curl > /dev/null || { echo 'curl is missing' >&2; exit 1; }
      left=\(limit * 10)
      while [ ! -e \(stopFile) ] && [ "$left" -gt 0 ]; do
        left=$((left - 1))
        { began=$(date +%s%N); status=$(curl --silent --insecure --noproxy '*' --max-time 1 \
          --output /dev/null --write-out '%{http_code}' \(url)); echo "$began $(date +%s%N) $status"
        } &
        sleep 0.1
      done
      wait
      rm -f \(stopFile)
      """
    let output = try await session.run(script, on: origin, timeout: .seconds(limit + 30))
    guard output.status == 0 else {
      throw HostError(.actionFailed, "the probe on \(origin): \(output.errorText)", output: output)
    }
    return ProbeSample.samples(in: output.text).map { sample in
      ProbeSample(
        start: sample.start - skew, end: sample.end - skew, isAnswered: sample.isAnswered)
    }
  }

  func stop() async {
    _ = try? await session.run("touch \(stopFile)", on: origin, timeout: .seconds(10))
  }

  /// By how many milliseconds the origin's clock is ahead of this machine's.
  private func skew() async throws(HostError) -> Int {
    if origin == "localhost" { return 0 }
    let before = DrillClock.now
    let output = try await session.run("date +%s%N", on: origin, timeout: .seconds(10))
    let there = (Int(output.text.filter(\.isNumber)) ?? 0) / 1_000_000
    return there - (before + DrillClock.now) / 2
  }
}
