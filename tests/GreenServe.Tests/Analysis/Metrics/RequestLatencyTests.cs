using GreenServe.Analysis.Metrics;
using GreenServe.Records.Requests;

namespace GreenServe.Tests.Analysis.Metrics;

public sealed class RequestLatencyTests
{
    [Fact]
    public void Tpot_EndsWithTheLastToken_WhereTheRecordHasIt()
    {
        // Eight tokens 10 ms apart, and an end half a second after the last.
        RequestRecord request = new(0, "SS", 0, 0, 0.03, 0.6, 10, 10, 8, 8, RequestStatus.Completed) { LastTokenSeconds = 0.1 };

        Assert.Equal(0.01, RequestLatency.Tpot.Seconds(request)!.Value, 1e-12);
        Assert.Equal(0.6, RequestLatency.E2e.Seconds(request)!.Value, 1e-12);

        // A record without that time has only the end.
        Assert.Equal(0.57 / 7, RequestLatency.Tpot.Seconds(request with { LastTokenSeconds = null })!.Value, 1e-12);
    }

    [Fact]
    public void Tpot_IsAbsent_BelowTwoTokens() =>
        Assert.Null(RequestLatency.Tpot.Seconds(new RequestRecord(0, "SS", 0, 0, 0.03, 0.6, 10, 10, 1, 1, RequestStatus.Completed)));
}
