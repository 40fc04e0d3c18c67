using System.Text.Json.Nodes;
using System.Text.RegularExpressions;
using GreenServe.Records;
using GreenServe.Records.Prometheus;
using GreenServe.Running.Live;
using GreenServe.Tests.Fixtures;
using Microsoft.Extensions.Time.Testing;

namespace GreenServe.Tests.Watching.Telemetry;

/// <summary>The shipped dashboard asks only for what the endpoint has.</summary>
[Collection("one provider of metrics at a time")]
public sealed partial class GrafanaDashboardTests
{
    private static readonly JsonNode Dashboard =
        JsonNode.Parse(File.ReadAllText(Repository.PathOf("docs", "grafana", "greenserve-dashboard.json")))!;

    [Fact]
    public async Task Queries_NameMetricsAndLabels_ThatTheEndpointHas()
    {
        IReadOnlyList<PrometheusSeries> series = await EverythingAsync();
        HashSet<string> metrics = [.. series.Select(one => one.Metric)];
        HashSet<string> labels = [.. series.SelectMany(one => one.Labels.Keys)];

        string[] asked = [.. Queries().SelectMany(query => NameOfOurs().Matches(query).Select(match => match.Value)).Distinct()];

        Assert.True(asked.Length > 20, "Hardly any name was found: the queries were not read.");
        Assert.DoesNotContain(asked, name => !metrics.Contains(name) && !labels.Contains(name));
    }

    [Fact]
    public void Panels_ChooseTheEvidence_SoThatKindsAreNeverMixed()
    {
        JsonArray panels = Dashboard["panels"]!.AsArray();

        Assert.Equal(panels.Count, panels.Select(panel => panel!["id"]!.GetValue<int>()).Distinct().Count());
        Assert.All(
            panels.SelectMany(panel => panel!["targets"]!.AsArray()),
            target => Assert.Contains("greenserve_evidence=~\"$evidence\"", target!["expr"]!.GetValue<string>(), StringComparison.Ordinal));
    }

    [Fact]
    public async Task Reference_DescribesEveryMetric()
    {
        IReadOnlyList<PrometheusSeries> series = await EverythingAsync();
        string reference = await File.ReadAllTextAsync(Repository.PathOf("docs", "reference", "metrics.md"));

        string[] ours =
        [
            .. series.Select(one => HistogramPart().Replace(one.Metric, "")).Distinct()
                .Where(name => NameOfOurs().IsMatch(name)),
        ];
        Assert.True(ours.Length > 15, "Hardly any metric was found.");
        Assert.DoesNotContain(ours, name => !reference.Contains($"`{name}`", StringComparison.Ordinal));
    }

    /// <summary>Every series that there can be: a load with meters and reasons, ended points, and requests of both kinds.</summary>
    private static Task<IReadOnlyList<PrometheusSeries>> EverythingAsync()
    {
        FakeTimeProvider clock = new();
        LiveRun run = new(clock);
        run.Update(_ => LiveScenes.Run(80) with
        {
            Ended = LiveScenes.Sweep(0, 10).Ended,
            Meters = [.. LiveScenes.Run(80).Meters.Select(meter => meter with { Joules = 5 })],
        });
        return RunTelemetryTests.ScrapeAsync(run, () =>
        {
            LiveTarget target = new("a", "model", new Uri("http://127.0.0.1:8000"), IsChat: false, EvidenceKind.Measured, clock);
            Array.ForEach(
                new[] { false, true }, isFailed => run.Counting!(target)(RunTelemetryTests.Request(clock, isFailed)));
        });
    }

    private static IEnumerable<string> Queries() => Dashboard["panels"]!.AsArray()
        .SelectMany(panel => panel!["targets"]!.AsArray().Select(target => target!["expr"]!.GetValue<string>())
            .Concat(panel["targets"]!.AsArray().Select(target => target!["legendFormat"]!.GetValue<string>())))
        .Concat(Dashboard["templating"]!["list"]!.AsArray().Select(variable => variable!["query"]!.GetValue<string>()));

    [GeneratedRegex("(gen_ai|greenserve|server|error)_[a-z0-9_]+")]
    private static partial Regex NameOfOurs();

    [GeneratedRegex("_(bucket|sum|count)$")]
    private static partial Regex HistogramPart();
}
