using GreenServe.Running.Live;

namespace GreenServe.Cli.Live;

/// <summary>Shows what a command waits for in its snapshot, and where no view does also as lines.</summary>
/// <param name="live">What the command shows of itself.</param>
/// <param name="lines">Receives the sentences as well; <c>null</c> where a view shows them.</param>
internal sealed class LiveActivity(LiveRun live, IProgress<string>? lines) : IProgress<string>
{
    public void Report(string value)
    {
        live.Say(value);
        lines?.Report(value);
    }
}
