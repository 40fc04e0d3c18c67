using GreenServe.Running.Live;
using GreenServe.Running.Machine;

namespace GreenServe.Running.Points;

/// <summary>Shows that a point waits for its server.</summary>
/// <param name="context">Its progress and its view get the sentence.</param>
internal sealed class ServerWait(MeasurementContext context) : IProgress<string>
{
    /// <inheritdoc />
    public void Report(string value)
    {
        context.Live.Enter(LivePhase.WaitingForServer, value);
        context.Progress.Report(value);
    }
}
