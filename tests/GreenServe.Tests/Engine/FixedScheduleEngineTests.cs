using GreenServe.Engine;
using Microsoft.Extensions.Time.Testing;

namespace GreenServe.Tests.Engine;

public sealed class FixedScheduleEngineTests
{
    private static readonly TimeSpan Limit = TimeSpan.FromSeconds(30);

    [Fact]
    public async Task Submit_GivesEachTokenNotBeforeItsTime()
    {
        await using FixedScheduleEngine engine = new(new FixedScheduleOptions { FirstTokenSeconds = 0.02, TokenGapSeconds = 0.005 });
        Recorder recorder = new();

        long start = TimeProvider.System.GetTimestamp();
        engine.Submit(Request(5), recorder, CancellationToken.None);
        FinishReason reason = await recorder.Finished.Task.WaitAsync(Limit);

        Assert.Equal(FinishReason.Length, reason);
        Assert.Equal(5, recorder.Times.Count);
        for (int token = 0; token < 5; token++)
        {
            double seconds = TimeProvider.System.GetElapsedTime(start, recorder.Times[token]).TotalSeconds;
            Assert.True(seconds >= 0.02 + (0.005 * token) - 1e-6, $"token {token} came after {seconds} s");
        }
    }

    [Fact]
    public async Task Submit_EndsACancelledRequest_AtItsNextToken()
    {
        await using FixedScheduleEngine engine = new(new FixedScheduleOptions { FirstTokenSeconds = 0.001, TokenGapSeconds = 0.001 });
        using CancellationTokenSource leaving = new();
        Recorder recorder = new() { OnToken = leaving.Cancel };

        engine.Submit(Request(1_000_000), recorder, leaving.Token);

        Assert.Equal(FinishReason.Cancelled, await recorder.Finished.Task.WaitAsync(Limit));
        Assert.Single(recorder.Times);
        Assert.Equal(0, engine.ReadStatus().Running);
    }

    [Fact]
    public async Task Submit_FollowsTheGivenClock()
    {
        FakeTimeProvider clock = new();
        await using FixedScheduleEngine engine = new(new FixedScheduleOptions { FirstTokenSeconds = 3600, TokenGapSeconds = 0 }, clock);
        Recorder recorder = new();
        engine.Submit(Request(2), recorder, CancellationToken.None);

        clock.Advance(TimeSpan.FromHours(1));
        FinishReason reason = await recorder.Finished.Task.WaitAsync(Limit);

        Assert.Equal(FinishReason.Length, reason);
        Assert.Equal(2, recorder.Times.Count);
    }

    [Fact]
    public async Task Dispose_EndsEveryRequest()
    {
        FixedScheduleEngine engine = new(new FixedScheduleOptions { FirstTokenSeconds = 3600 });
        Recorder recorder = new();
        engine.Submit(Request(5), recorder, CancellationToken.None);

        await engine.DisposeAsync();

        Assert.Equal(FinishReason.Cancelled, await recorder.Finished.Task.WaitAsync(Limit));
    }

    private static GenerationRequest Request(int tokens) => new() { Id = "r", Prompt = new[] { 1 }, MaxTokens = tokens };

    private sealed class Recorder : IGenerationSink
    {
        internal List<long> Times { get; } = [];

        internal Action? OnToken { get; init; }

        internal TaskCompletionSource<FinishReason> Finished { get; } = new(TaskCreationOptions.RunContinuationsAsynchronously);

        public void Accept(ReadOnlySpan<int> tokenIds, FinishReason? finish = null)
        {
            Times.Add(TimeProvider.System.GetTimestamp());
            OnToken?.Invoke();
            if (finish is { } reason)
            {
                Finish(reason);
            }
        }

        public void Finish(FinishReason reason, string? error = null) => Finished.SetResult(reason);
    }
}
