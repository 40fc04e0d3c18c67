using GreenServe.Records.Documents;
using GreenServe.Workloads;
using GreenServe.Workloads.Arrivals;
using GreenServe.Workloads.Catalogs;
using GreenServe.Workloads.Lengths;
using GreenServe.Workloads.Schedules;

namespace GreenServe.Tests.Workloads;

/// <summary>Small workloads to test with.</summary>
internal static class Samples
{
    /// <summary>A workload of one length, by default 512 in and 128 out.</summary>
    internal static Workload Workload(ArrivalProcess arrival, LengthModel? lengths = null, int? requests = 1000, double? seconds = null) =>
        new()
        {
            Name = "sample",
            Purpose = "a test",
            Source = "none",
            Model = "llama-2-70b",
            Arrival = arrival,
            Lengths = lengths ?? Fixed(512, 128),
            Requests = requests,
            DurationSeconds = seconds,
        };

    internal static IndependentLengths Fixed(int inputTokens, int outputTokens) => new()
    {
        Input = new FixedLength { Tokens = inputTokens },
        Output = new FixedLength { Tokens = outputTokens },
    };

    internal static double[] Arrivals(Workload workload) =>
        [.. RequestSchedule.For(workload).Requests.Select(request => request.ScheduledSeconds)];

    /// <summary>Binds the text of a workload file.</summary>
    internal static Workload Parse(string yaml) =>
        WorkloadFile.Bind(new NamedDocument(DocumentTree.Parse(yaml, "chat.workload.yaml"), Folder: null));

    /// <summary>Mean of the gaps, the first one from 0, and their standard deviation over it.</summary>
    internal static (double Mean, double CoefficientOfVariation) Gaps(IReadOnlyList<double> arrivals)
    {
        double[] gaps = [.. arrivals.Prepend(0).Zip(arrivals, (before, after) => after - before)];
        double mean = gaps.Average();
        return (mean, Math.Sqrt(gaps.Average(gap => (gap - mean) * (gap - mean))) / mean);
    }
}
