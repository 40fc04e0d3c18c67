namespace GreenServe.Metering.Sampling;

/// <summary>
/// Leaves out readings that repeat the one before, except the last before a change, which brackets the change in time, and one a
/// second, which shows that the meter was still being read.
/// </summary>
internal sealed class RepeatFilter
{
    private const double HeartbeatSeconds = 1;

    private double? writtenSeconds;
    private double writtenValue;
    private double? skippedSeconds;

    /// <summary>Hands on what must be kept.</summary>
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

    /// <summary>Hands on a reading that was left out last, if there is one.</summary>
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
