using System.Text.Json.Nodes;
using GreenServe.Analysis.Advising;
using GreenServe.Cli.Commands.Run;
using GreenServe.Records;
using GreenServe.Records.Slos;
using GreenServe.Search;

namespace GreenServe.Tests.Cli.Commands.Run;

public sealed class FindRateTextTests
{
    [Fact]
    public void Lines_SayWhatDecided_AndWhereRunsDisagree()
    {
        RateSearchResult result = new()
        {
            Trials =
            [
                Trial(2, 0, milliseconds: 200), Trial(2, 1, milliseconds: 210), Trial(2, 2, milliseconds: 190),
                Trial(4, 0, milliseconds: 240), Trial(4, 1, milliseconds: 260), Trial(4, 2, milliseconds: 245),
                Trial(5, 0, milliseconds: 262), Trial(5, 1, milliseconds: 248), Trial(5, 2, milliseconds: 300),
                Trial(8, 0, milliseconds: 500), Trial(8, 2, milliseconds: 500),
            ],
            Highest = 4,
            LowestFailing = 5,
        };

        // Of the limit of 250 ms, 262 ms are 104.8 %, and 245 ms are 98 %: the middle ones of three runs.
        string[] lines = [.. new FindRateText(result, "requests/s").Lines];
        Assert.StartsWith(
            "simulated evidence: The SLO is met up to 4 requests/s (missed at 5): 2 of 3 runs, ", lines[0], StringComparison.Ordinal);
        Assert.Equal(
            [
                "At 5 requests/s 2 of 3 runs missed it. What decided was TTFT at P99 262 ms of 250 ms (104.8 % of the limit), "
                    + "over 1,200 requests.",
                "At 4 requests/s the limit with the smallest margin is TTFT at P99 245 ms of 250 ms (98.0 % of the limit), "
                    + "over 1,200 requests.",
                "The highest load lies between 2, up to which every run met the SLO, and 8 requests/s, from which on every run missed it.",
                "Run 1 met the SLO at 5 requests/s and missed it at 4 with the same requests: the limit is not sharp there.",
            ],
            lines[1..]);
    }

    [Fact]
    public void Lines_SayThatTheLoadWasNotCarried_WhenThatDecided()
    {
        RateSearchResult result = new()
        {
            Trials = [Trial(1, 0, milliseconds: 100) with { Passes = false, Overload = "the queue grew by 100 requests" }],
            LowestFailing = 1,
        };

        Assert.Equal(
            [
                "simulated evidence: The SLO is not met even at 1 requests/s.",
                "At 1 requests/s 1 of 1 runs missed it. The server did not carry the load: the queue grew by 100 requests.",
            ],
            new FindRateText(result, "requests/s").Lines);
    }

    [Fact]
    public void Lines_Warn_WhenFewRequestsStandBehindTheLimitThatDecided()
    {
        RateSearchResult result = new() { Trials = [Trial(1, 0, milliseconds: 260, requests: 90)], LowestFailing = 1 };

        FindRateText text = new(result, "users");

        Assert.StartsWith("Only 90 requests stand behind the latencies.", text.Lines[^1], StringComparison.Ordinal);
        Assert.Single(text.ToJson()["warnings"]!.AsArray());
    }

    [Fact]
    public void ToJson_HoldsTheLimitThatDecided_AndNoInfiniteNumber()
    {
        RateSearchResult result = new()
        {
            Trials = [Trial(1, 0, milliseconds: 100), Trial(2, 0, milliseconds: double.PositiveInfinity)],
            Highest = 1,
            LowestFailing = 2,
        };

        JsonObject json = new FindRateText(result, "users").ToJson();

        Assert.Equal(0.1, json["decided_at_highest"]!["tightest_limit"]!["found_seconds"]!.GetValue<double>(), 1e-12);
        Assert.Null(json["decided_at_lowest_failing"]!["tightest_limit"]!["ratio"]);
        Assert.Equal((1.0, 2.0), (json["every_run_meets"]!.GetValue<double>(), json["every_run_misses"]!.GetValue<double>()));
        Assert.NotEmpty(json.ToJsonString());
    }

    private static RateTrial Trial(double load, int repetition, double milliseconds, int requests = 1200)
    {
        double ratio = milliseconds / 250;
        LimitMargin margin = new()
        {
            Metric = SloMetric.Ttft,
            Percentile = 99,
            LimitSeconds = 0.25,
            FoundSeconds = double.IsFinite(ratio) ? milliseconds / 1000 : null,
            Ratio = double.IsFinite(ratio) ? ratio : null,
        };
        return new RateTrial(load, repetition, ratio <= 1, "", EvidenceKind.Simulated)
        {
            Requests = requests,
            Tightest = new TightestLimit(margin, ratio, requests),
        };
    }
}
