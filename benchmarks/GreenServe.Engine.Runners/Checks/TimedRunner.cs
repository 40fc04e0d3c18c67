namespace GreenServe.Engine.Runners.Checks;

/// <summary>Times each step of a runner.</summary>
internal sealed class TimedRunner(IDecoderRunner inner) : IDecoderRunner
{
    /// <summary>Seconds of each step since the list was cleared.</summary>
    internal List<double> Durations { get; } = [];

    public RunnerDescription Description => inner.Description;

    public int OpenSequence() => inner.OpenSequence();

    public void CloseSequence(int sequence) => inner.CloseSequence(sequence);

    public void Step(ReadOnlySpan<SequenceWork> work, Span<int> nextTokens, Span<float> scores = default)
    {
        long begin = TimeProvider.System.GetTimestamp();
        inner.Step(work, nextTokens, scores);
        Durations.Add(TimeProvider.System.GetElapsedTime(begin).TotalSeconds);
    }

    public void Dispose() => inner.Dispose();
}
