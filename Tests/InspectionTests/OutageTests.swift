import Inspection
import Testing

@Suite("Outages")
struct OutageTests {
  @Test func lastFromTheFirstFailureToTheNextAnswer() {
    let samples = ProbeSample.samples(
      in: """
        1300000000 1310000000 200
        1000000000 1010000000 200
        1100000000 2100000000 000
        1200000000 2200000000 000
        1400000000 1402000000 503
        1500000000 1530000000 200
        nonsense
        """)
    #expect(samples.map(\.start) == [1000, 1100, 1200, 1300, 1400, 1500])
    let outages = Outage.outages(in: samples)
    #expect(
      outages == [
        Outage(start: 1100, end: 1310, failures: 2), Outage(start: 1400, end: 1530, failures: 1),
      ])
    #expect(outages[0].length(until: 9000) == 210)
  }

  @Test func thatOverlapAreOne() {
    let outages = Outage.outages(in: [
      ProbeSample(start: 0, end: 10, isAnswered: false),
      ProbeSample(start: 100, end: 900, isAnswered: true),
      ProbeSample(start: 200, end: 300, isAnswered: false),
      ProbeSample(start: 400, end: 450, isAnswered: true),
      ProbeSample(start: 500, end: 600, isAnswered: false),
      ProbeSample(start: 700, end: 710, isAnswered: true),
    ])
    #expect(
      outages == [
        Outage(start: 0, end: 450, failures: 2), Outage(start: 500, end: 710, failures: 1),
      ])
  }

  @Test func thatNeverEndsLastsToTheLastRequest() {
    let outages = Outage.outages(in: [
      ProbeSample(start: 5, end: 6, isAnswered: true),
      ProbeSample(start: 10, end: 1010, isAnswered: false),
    ])
    #expect(outages == [Outage(start: 10, end: nil, failures: 1)])
    #expect(outages[0].length(until: 1010) == 1000)
  }
}
