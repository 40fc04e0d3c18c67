namespace GreenServe.Cli.Terminal;

/// <summary>Writes progress as plain lines. A line of the same kind as the last one is left out if it follows too soon.</summary>
/// <remarks>The kind of a line is its text up to the first colon. Thread-safe.</remarks>
/// <param name="output">Where the lines are written.</param>
/// <param name="clock">Measures the time between two lines.</param>
internal sealed class TerminalProgress(TextWriter output, TimeProvider clock) : IProgress<string>
{
    /// <summary>Shortest time between two lines of the same kind. It is slow enough to read along, and keeps log files short.</summary>
    internal static readonly TimeSpan MinInterval = TimeSpan.FromSeconds(2);

    private readonly Lock gate = new();
    private (string Kind, long Timestamp)? last;

    public void Report(string value)
    {
        lock (gate)
        {
            string kind = value.Split(':')[0];
            if (last is { } before && before.Kind == kind && clock.GetElapsedTime(before.Timestamp) < MinInterval)
            {
                return;
            }

            last = (kind, clock.GetTimestamp());
            output.WriteLine(value);
            output.Flush();
        }
    }
}
