using GreenServe.Records.Slos;
using GreenServe.Workloads;
using GreenServe.Workloads.Arrivals;
using GreenServe.Workloads.Lengths;

namespace GreenServe.Tests.Search.Advising;

/// <summary>Workloads for tests of the advisor.</summary>
internal static class AdvisorWorkloads
{
    /// <summary>Poisson arrivals of requests with 512 tokens in and 128 out.</summary>
    internal static Workload Poisson { get; } = new()
    {
        Name = "steady",
        Purpose = "test",
        Source = "none",
        Model = "llama-3.1-8b",
        Arrival = new PoissonArrival { RequestsPerSecond = 4 },
        Lengths = new IndependentLengths { Input = new FixedLength { Tokens = 512 }, Output = new FixedLength { Tokens = 128 } },
        DurationSeconds = 60,
        WarmUpSeconds = 10,
    };

    /// <summary>An SLO with a limit on the time to first token and one on the time between tokens.</summary>
    internal static SloProfile Slo(double ttftSeconds, double tbtSeconds, double percentile = 99) => new()
    {
        Name = "test",
        Source = "none",
        Limits =
        [
            new SloLimit { Metric = SloMetric.Ttft, Percentile = percentile, LimitSeconds = ttftSeconds },
            new SloLimit { Metric = SloMetric.Tbt, Percentile = percentile, LimitSeconds = tbtSeconds },
        ],
    };
}
