namespace GreenServe.Records.Timing;

/// <summary>
/// Blocks one thread until a moment, at most tens of microseconds late on an idle core. The wait can be ended earlier.
/// </summary>
/// <remarks>
/// On Linux it waits in <c>ppoll</c> on an eventfd, with the thread's timer slack at 1 ns, because timers of .NET are a millisecond
/// late. It does not spin, since the server under test may need the core. On other systems, and with a clock that is not the
/// system's, it waits for an event in slices of 1 ms. <see cref="Wake"/> may be called from any thread.
/// </remarks>
public sealed class PreciseWaiter : IDisposable
{
    /// <summary>Longest single sleep (s); a longer wait is made of several, which keeps the kernel's rounding small.</summary>
    private const double LongestSleepSeconds = 60;

    /// <summary>
    /// Longest wait (s) that is slept at once. The kernel rounds a wait by up to a thousandth of it, so a longer wait first sleeps
    /// until shortly before its end.
    /// </summary>
    private const double LongestExactSleepSeconds = 0.002;

    /// <summary>By how much a long wait ends early (s).</summary>
    private const double EarlySeconds = 0.001;

    private readonly TimeProvider provider;
    private readonly ManualResetEventSlim? signal;
    private readonly int eventDescriptor;
    private int preparedThread;
    private bool isDisposed;

    /// <summary>Creates a waiter on a clock.</summary>
    public PreciseWaiter(TimeProvider provider)
    {
        this.provider = provider;
        if (OperatingSystem.IsLinux() && provider == TimeProvider.System
            && LinuxTime.CreateEvent(0, LinuxTime.CloseOnExec | LinuxTime.NonBlocking) is var created and >= 0)
        {
            eventDescriptor = created;
        }
        else
        {
            signal = new ManualResetEventSlim();
        }
    }

    /// <summary>Blocks the calling thread until the moment has come or <see cref="Wake"/> was called since the last wait.</summary>
    /// <param name="dueTimestamp">A timestamp of the clock; <see cref="long.MaxValue"/> waits for a wake alone.</param>
    /// <returns><c>true</c> if the moment has come; <c>false</c> if <see cref="Wake"/> ended the wait.</returns>
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

    /// <summary>Ends the present wait or, if no thread waits, the next one at once.</summary>
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
    /// <remarks>Call it only after the waiting thread has ended.</remarks>
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

    /// <summary>Sleeps for at most the given time (s), and tells whether <see cref="Wake"/> ended the sleep.</summary>
    private bool SleepOnEvent(double seconds)
    {
        if (preparedThread != Environment.CurrentManagedThreadId)
        {
            preparedThread = Environment.CurrentManagedThreadId;
            _ = LinuxTime.Control(LinuxTime.SetTimerSlack, 1, 0, 0, 0);
        }

        double slice = seconds > LongestExactSleepSeconds ? seconds - EarlySeconds : seconds;
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
