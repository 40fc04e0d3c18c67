using GreenServe.Cli.Commands.Run;
using GreenServe.Records.Runs;
using GreenServe.Records.Verdicts;
using GreenServe.Serving.ClientAccuracy;
using GreenServe.Serving.Load;

namespace GreenServe.Tests.Cli.Commands.Run;

public sealed class CheckClientResultTests
{
    [Fact]
    public void Result_HasNoMeansAndIsNotHonest_WhenNothingWasReceived()
    {
        CheckClientResult result = Result(requests: 0, []);

        Assert.Null(result.MeanFirstTokenErrorSeconds);
        Assert.Null(result.MeanSendDelaySeconds);
        Assert.Null(result.LargestGapErrorSeconds);
        Assert.False(result.IsHonest);
    }

    [Fact]
    public void Result_IsHonest_WhenTheTimesAreRight()
    {
        CheckClientResult result = Result(requests: 2, [0.001, 0.002]);

        Assert.Equal(0.0015, result.MeanFirstTokenErrorSeconds!.Value, 1e-9);
        Assert.Equal(0.002, result.LargestGapErrorSeconds!.Value / 0.25, 1e-9);
        Assert.True(result.IsHonest);
    }

    [Theory]
    [InlineData("client-lag", false)]
    [InlineData("not-steady", true)]
    public void Result_IsHonest_UnlessARunWouldBlameTheClient(string code, bool isHonest)
    {
        CheckClientResult right = Result(requests: 2, [0.001, 0.002]);
        VerdictReason reason = new(VerdictCode.Find(code)!, "as the test says");

        CheckClientResult result = right with { Outcome = right.Outcome with { Reasons = [reason] } };

        Assert.True(result.TimesAreRight);
        Assert.Equal(isHonest, result.IsHonest);
        Assert.Equal(isHonest ? null : code, result.AgainstClient?.Code);
    }

    [Fact]
    public void Text_ShowsDashes_WhenNothingWasReceived()
    {
        using StringWriter output = new();
        CheckClientText text = new(output, tokensPerSecond: 100);

        text.Write(Result(requests: 0, []));
        bool isAnyHonest = text.WriteConclusion();

        string[] cells = output.ToString().Split('\n')[0].Split(' ', StringSplitOptions.RemoveEmptyEntries);
        Assert.False(isAnyHonest);
        Assert.Equal(["3", "-", "-", "-", "-", "-", "-", "-", "-", "0.10", "0.20", "-", "-", "late"], cells.Select(cell => cell.Trim()));
        Assert.Contains("drove none of these loads honestly", output.ToString(), StringComparison.Ordinal);
    }

    /// <summary>A result whose first tokens have the given errors (s) and whose gaps have a quarter of them.</summary>
    private static CheckClientResult Result(int requests, double[] errors)
    {
        LatencyHistogram firstTokens = new();
        LatencyHistogram gaps = new();
        foreach (double error in errors)
        {
            firstTokens.Add(error);
            gaps.Add(error / 4);
        }

        ClientAccuracyComparison accuracy = new()
        {
            Requests = requests,
            Tokens = 2 * errors.Length,
            TokensMissing = 0,
            FirstTokenErrors = firstTokens,
            SendDelays = new LatencyHistogram(),
            TokenErrors = new LatencyHistogram(),
            GapErrors = gaps,
            SentTokensPerSecond = errors.Length > 0 ? 300 : null,
        };
        LoadOutcome outcome = new()
        {
            OriginSeconds = 0,
            EndSeconds = 1,
            WarmUpSeconds = 0,
            Client = new ClientSelfCheck { LagP50Seconds = 0, LagP99Seconds = 0, LagMaxSeconds = 0, CpuCores = 0.1, GcPauseRatio = 0 },
            Counters = new Dictionary<string, double> { ["requests_completed"] = requests },
            Reasons = [],
        };
        return new CheckClientResult(Streams: 3, accuracy, outcome, ServerCores: 0.2);
    }
}
