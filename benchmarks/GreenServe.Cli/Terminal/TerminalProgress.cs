namespace GreenServe.Cli.Terminal;

/// <summary>Writes what is going on as plain lines, at most one in two seconds of the same kind.</summary>
/// <param name="output">Where to.</param>
internal sealed class TerminalProgress(TextWriter output) : IProgress<string>
{
    private readonly Lock gate = new();
    private string lastKind = "";
    private long lastTimestamp;

    public void Report(string value)
    {
        lock (gate)
        {
            string kind = value.Split(':')[0];
            if (kind == lastKind && TimeProvider.System.GetElapsedTime(lastTimestamp) < TimeSpan.FromSeconds(2))
            {
                return;
            }

            (lastKind, lastTimestamp) = (kind, TimeProvider.System.GetTimestamp());
            output.WriteLine(value);
            output.Flush();
        }
    }
}
