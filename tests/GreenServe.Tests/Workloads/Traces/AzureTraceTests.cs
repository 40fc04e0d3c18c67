using System.Text.RegularExpressions;
using GreenServe.Records.Requests;
using GreenServe.Tests.Fixtures;
using GreenServe.Workloads;
using GreenServe.Workloads.Lengths;
using GreenServe.Workloads.Schedules;
using GreenServe.Workloads.Traces;

namespace GreenServe.Tests.Workloads.Traces;

/// <summary>The published numbers of the Azure 2023 traces, from the traces themselves.</summary>
public sealed partial class AzureTraceTests
{
    public static TheoryData<string, string> Workloads() => new()
    {
        { "azure-conversation-2023", "AzureLLMInferenceTrace_conv.csv.gz" },
        { "azure-code-2023", "AzureLLMInferenceTrace_code.csv.gz" },
    };

    [Fact]
    public void Summary_HasThePublishedNumbers_OfTheConversationTrace() => AssertSummary(
        Read("AzureLLMInferenceTrace_conv.csv.gz"),
        requests: 19_366, span: 3502, rate: 5.53, variation: 1.09, perMinute: (191, 507),
        input: (1155, 1020, 2735, 4142), output: (211, 129, 424, 601),
        percent: [3.6, 9.8, 0.1, 19.0, 10.4, 7.7, 15.1, 8.8, 25.6]);

    [Fact]
    public void Summary_HasThePublishedNumbers_OfTheCodeTrace() => AssertSummary(
        Read("AzureLLMInferenceTrace_code.csv.gz"),
        requests: 8819, span: 3436, rate: 2.57, variation: 13.2, perMinute: (0, 632),
        input: (2048, 1469, 5188, 7436), output: (28, 13, 55, 251),
        percent: [15.4, 0.5, 0.1, 20.7, 1.0, 0.1, 59.4, 2.3, 0.4]);

    [Theory]
    [MemberData(nameof(Workloads))]
    public void Catalogue_IsMadeFromTheTrace(string name, string file)
    {
        Trace trace = Read(file);
        Workload workload = WorkloadCatalog.Read(name);
        TraceWorkload maker = new() { Name = name, Purpose = workload.Purpose, Source = workload.Source, Model = workload.Model, Slo = workload.Slo!.Name };

        Assert.Equal(maker.ToYaml(trace), WorkloadCatalog.TextOf(name).ReplaceLineEndings("\n"));
    }

    [Theory]
    [MemberData(nameof(Workloads))]
    public void CatalogueSchedule_ResemblesTheTrace(string name, string file)
    {
        TraceSummary recorded = TraceSummary.Of(Read(file));
        Workload workload = WorkloadCatalog.Read(name) with { Requests = recorded.Requests, DurationSeconds = null };

        IReadOnlyList<ScheduledRequest> made = RequestSchedule.For(workload).Requests;

        // Shares, lengths and gaps are kept. The tolerances are four standard errors of a share, the means' sampling error and what 23
        // points a band leave of a mean.
        foreach ((RequestClass requestClass, double share) in recorded.ClassShares)
        {
            Assert.Equal(share, made.Count(request => request.Class == requestClass) / (double)made.Count, 4 * Math.Sqrt(Math.Max(share * (1 - share), 1e-4) / made.Count));
        }

        Assert.Equal(recorded.Requests, made.Count);
        Assert.Equal(recorded.Input.MeanTokens, made.Average(request => (double)request.InputTokens), 0.03 * recorded.Input.MeanTokens);
        Assert.Equal(recorded.Output.MeanTokens, made.Average(request => (double)request.OutputTokens), 0.06 * recorded.Output.MeanTokens);
        Assert.Equal(recorded.SpanSeconds, made[^1].ScheduledSeconds, 4 * 1.1 * recorded.SpanSeconds / Math.Sqrt(made.Count));
        TraceSummary repeated = TraceSummary.Of(new Trace([.. made.Select(request => new TraceRequest(request.ScheduledSeconds, request.InputTokens, request.OutputTokens))], 0, TraceFormat.Normalised));
        Assert.Equal(recorded.GapCoefficientOfVariation!.Value, repeated.GapCoefficientOfVariation!.Value, 0.05 * recorded.GapCoefficientOfVariation.Value);
    }

    [Fact]
    public void Replay_HasTheTracesOwnRequests()
    {
        Workload workload = WorkloadCatalog.Read("azure-conversation-2023-replay");

        RequestSchedule schedule = RequestSchedule.For(workload);

        Assert.Equal(19_366, schedule.Requests.Count);
        Assert.Equal(new ScheduledRequest(0, 0, workload.Classes.Classify(374, 44), 374, 44), schedule.Requests[0]);
        Assert.Equal(4.314579, schedule.Requests[1].ScheduledSeconds);
        Assert.IsType<TraceLengths>(workload.Lengths);
    }

    [Theory]
    [InlineData("azure-conversation-2023-replay", "AzureLLMInferenceTrace_conv.csv.gz")]
    [InlineData("azure-code-2023-replay", "AzureLLMInferenceTrace_code.csv.gz")]
    public void Replay_HasTheSameRequests_WhenTheTraceIsNamed(string name, string file)
    {
        Workload workload = WorkloadCatalog.Read(name);

        Workload named = workload.WithTrace(Repository.PathOf("workloads", "traces", file));

        Assert.Equal(workload.Trace!.Sha256, named.Trace!.Sha256);
        Assert.Equal(RequestSchedule.For(workload).Requests, RequestSchedule.For(named).Requests);
    }

    [Fact]
    public void EveryTrace_IsAttributed_AndEveryAttributionHasItsTrace()
    {
        string source = File.ReadAllText(Repository.PathOf("workloads", "traces", "SOURCE.md"));
        string[] paths = Directory.GetFiles(Repository.PathOf("workloads", "traces"), "*.gz");
        string[] files = [.. paths.Select(path => Path.GetFileName(path)).Order(StringComparer.Ordinal)];

        string[] named = [.. TraceName().Matches(source).Select(match => match.Value).Distinct().Order(StringComparer.Ordinal)];

        Assert.Equal(named, files);
        Assert.All(
            ["Title", "Authors", "Address", "Commit", "Licence", "Changes", "Please cite"],
            row => Assert.Contains($"\n| {row} | ", source.ReplaceLineEndings("\n"), StringComparison.Ordinal));
        Assert.All(files, file => Assert.Contains(
            TraceFile.ComputeSha256(Repository.PathOf("workloads", "traces", file)), source, StringComparison.Ordinal));
    }

    [GeneratedRegex(@"\w+\.csv\.gz")]
    private static partial Regex TraceName();

    private static Trace Read(string file) => TraceFile.Read(Repository.PathOf("workloads", "traces", file));

    private static void AssertSummary(
        Trace trace,
        int requests,
        double span,
        double rate,
        double variation,
        (int Least, int Greatest) perMinute,
        (double Mean, double P50, double P90, double P99) input,
        (double Mean, double P50, double P90, double P99) output,
        double[] percent)
    {
        TraceSummary summary = TraceSummary.Of(trace);

        // Each number is published rounded to its last digit.
        Assert.Equal(requests, summary.Requests);
        Assert.Equal(0, summary.RowsWithoutTokens);
        Assert.Equal(span, summary.SpanSeconds, 0.5);
        Assert.Equal(rate, summary.RequestsPerSecond!.Value, 0.005);
        Assert.Equal(variation, summary.GapCoefficientOfVariation!.Value, variation > 10 ? 0.05 : 0.005);
        Assert.Equal(perMinute, (summary.MinPerMinute, summary.MaxPerMinute));
        AssertLengths(input, summary.Input);
        AssertLengths(output, summary.Output);
        Assert.Equal(percent, summary.ClassShares.Select(pair => Math.Round(pair.Share * 100, 1)));
    }

    private static void AssertLengths((double Mean, double P50, double P90, double P99) published, LengthSummary found)
    {
        Assert.Equal(published.Mean, found.MeanTokens, 0.5);
        Assert.Equal(published.P50, found.P50Tokens, 0.5);
        Assert.Equal(published.P90, found.P90Tokens, 0.5);
        Assert.Equal(published.P99, found.P99Tokens, 0.5);
    }
}
