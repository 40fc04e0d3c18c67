namespace GreenServe.Engine.Runners.Checks;

/// <summary>Times each step of another runner.</summary>
internal sealed class TimedRunner(IDecoderRunner inner, TimeProvider clock) : IDecoderRunner
{
    /// <summary>The duration of each step in seconds, since the list was last cleared.</summary>
    internal List<double> Durations { get; } = [];

    public RunnerDescription Description => inner.Description;

    public int OpenSequence() => inner.OpenSequence();

    public void CloseSequence(int sequence) => inner.CloseSequence(sequence);

    public void Step(ReadOnlySpan<SequenceWork> work, Span<int> nextTokens, Span<float> scores = default)
    {
        long begin = clock.GetTimestamp();
        inner.Step(work, nextTokens, scores);
        Durations.Add(clock.GetElapsedTime(begin).TotalSeconds);
    }

    public void Dispose() => inner.Dispose();
}
