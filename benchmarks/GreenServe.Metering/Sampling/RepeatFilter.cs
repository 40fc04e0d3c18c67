namespace GreenServe.Metering.Sampling;

/// <summary>Leaves out readings that repeat the one before.</summary>
/// <remarks>
/// Two kinds of repeats are kept. The last one before a change brackets the change in time. One a second shows that the meter was
/// still being read.
/// </remarks>
internal sealed class RepeatFilter
{
    private const double HeartbeatSeconds = 1;

    private double? writtenSeconds;
    private double writtenValue;
    private double? skippedSeconds;

    /// <summary>Takes a reading and hands on what must be kept: nothing, the reading, or also the repeat before it.</summary>
    /// <param name="atSeconds">The time of the reading (s).</param>
    /// <param name="value">What the meter showed.</param>
    /// <param name="keep">Receives the time and the value of each reading to keep.</param>
    internal void Take(double atSeconds, double value, Action<double, double> keep)
    {
        if (writtenSeconds is not null && value == writtenValue && atSeconds - writtenSeconds < HeartbeatSeconds)
        {
            skippedSeconds = atSeconds;
            return;
        }

        Flush(keep);
        Write(atSeconds, value, keep);
    }

    /// <summary>Hands on the reading that was left out last, if there is one.</summary>
    internal void Flush(Action<double, double> keep)
    {
        if (skippedSeconds is { } skipped)
        {
            Write(skipped, writtenValue, keep);
        }
    }

    private void Write(double atSeconds, double value, Action<double, double> keep)
    {
        (writtenSeconds, writtenValue, skippedSeconds) = (atSeconds, value, null);
        keep(atSeconds, value);
    }
}
