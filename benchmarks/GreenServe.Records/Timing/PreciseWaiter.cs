namespace GreenServe.Records.Timing;

/// <summary>Lets one thread sleep until a moment, tens of microseconds late at most on an idle core, and be woken before it.</summary>
/// <remarks>
/// On Linux <c>ppoll</c> on an eventfd with the thread's timer slack at 1 ns; no spinning, since the server under test may need the core.
/// Elsewhere, and for a clock that is not the system's, an event in slices of 1 ms. <see cref="Wake"/> may come from any thread.
/// </remarks>
public sealed class PreciseWaiter : IDisposable
{
    private const double LongestSleepSeconds = 60;
    private readonly TimeProvider provider;
    private readonly ManualResetEventSlim? signal;
    private readonly int eventDescriptor = -1;
    private int preparedThread;
    private bool isDisposed;

    /// <summary>A waiter on this clock.</summary>
    public PreciseWaiter(TimeProvider provider)
    {
        this.provider = provider;
        if (OperatingSystem.IsLinux() && provider == TimeProvider.System)
        {
            eventDescriptor = LinuxTime.CreateEvent(0, LinuxTime.CloseOnExec | LinuxTime.NonBlocking);
        }

        signal = eventDescriptor < 0 ? new ManualResetEventSlim() : null;
    }

    /// <summary>Blocks the calling thread until the moment has come or <see cref="Wake"/> was called since the last wait.</summary>
    /// <param name="dueTimestamp">A timestamp of the clock; <see cref="long.MaxValue"/> waits for a wake alone.</param>
    /// <returns><c>true</c> when the moment has come.</returns>
    public bool WaitUntil(long dueTimestamp)
    {
        while (!Volatile.Read(ref isDisposed))
        {
            long now = provider.GetTimestamp();
            if (now >= dueTimestamp)
            {
                return true;
            }

            double remaining = Math.Min(LongestSleepSeconds, (dueTimestamp - now) / (double)provider.TimestampFrequency);
            if (signal is null ? SleepOnEvent(remaining) : SleepOnSignal())
            {
                return provider.GetTimestamp() >= dueTimestamp;
            }
        }

        return false;
    }

    /// <summary>Ends the current wait, or the next one at once.</summary>
    public void Wake()
    {
        if (signal is not null)
        {
            signal.Set();
        }
        else if (!Volatile.Read(ref isDisposed))
        {
            ulong one = 1;
            _ = LinuxTime.Write(eventDescriptor, in one, sizeof(ulong));
        }
    }

    /// <inheritdoc />
    /// <remarks>Call after the waiting thread has ended.</remarks>
    public void Dispose()
    {
        if (!isDisposed)
        {
            Volatile.Write(ref isDisposed, true);
            signal?.Dispose();
            if (signal is null)
            {
                _ = LinuxTime.Close(eventDescriptor);
            }
        }
    }

    /// <summary>Sleeps at most that long; whether it was woken.</summary>
    private bool SleepOnEvent(double seconds)
    {
        if (preparedThread != Environment.CurrentManagedThreadId)
        {
            preparedThread = Environment.CurrentManagedThreadId;
            _ = LinuxTime.Control(LinuxTime.SetTimerSlack, 1, 0, 0, 0);
        }

        // The kernel rounds a wait by a thousandth of it: a long one ends early and a short one follows.
        double slice = seconds > 0.002 ? seconds - 0.001 : seconds;
        LinuxTime.PollEntry entry = new() { Descriptor = eventDescriptor, Events = LinuxTime.ReadyToRead };
        LinuxTime.TimeSpec time = new() { Seconds = (long)slice, Nanoseconds = (long)((slice - Math.Floor(slice)) * 1e9) };
        if (LinuxTime.Poll(ref entry, 1, in time, 0) <= 0)
        {
            return false;
        }

        _ = LinuxTime.Read(eventDescriptor, out _, sizeof(ulong));
        return true;
    }

    private bool SleepOnSignal()
    {
        bool woken = signal!.Wait(1);
        if (woken)
        {
            signal.Reset();
        }

        return woken;
    }
}
