using GreenServe.Running.Live;
using GreenServe.Search.Advising;
using GreenServe.Search.Advising.Searching;

namespace GreenServe.Cli.Live;

/// <summary>Shows a search for a setting in the live views.</summary>
/// <param name="live">What the command shows of itself.</param>
internal sealed class LiveSearchProgress(LiveRun live) : IAdviceWatcher
{
    /// <inheritdoc />
    public void Enter(string activity) => live.Enter(LivePhase.Simulating, activity);

    /// <inheritdoc />
    public void Saw(SettingSearchProgress progress)
    {
    }
}
