using System.Collections.Concurrent;
using GreenServe.Records.Runs;

namespace GreenServe.Metering.Sampling;

/// <summary>Runs one sampler on a named thread of its own, so that a slow device never delays a fast one.</summary>
internal sealed class SamplerThread : IDisposable
{
    /// <summary>The longest rest between two looks at the clock (s). A wait handle takes at most 24 days.</summary>
    private const double LongestRestSeconds = 3600;

    /// <summary>The longest wait for the thread to end on disposal. A recording has waited for it before, and longer.</summary>
    private static readonly TimeSpan LastWait = TimeSpan.FromSeconds(1);

    private readonly MeterSampler sampler;
    private readonly RunClock clock;
    private readonly bool readsAtStop;
    private readonly ConcurrentQueue<double> edges = new();
    private readonly AutoResetEvent wake = new(false);
    private readonly Thread thread;
    private volatile bool isStopping;
    private volatile Exception? failure;

    /// <summary>Starts to sample.</summary>
    /// <param name="name">The name of the source.</param>
    /// <param name="sampler">Reads the source.</param>
    /// <param name="clock">The clock of the run.</param>
    /// <param name="readsAtStop">Whether a last reading is taken when the thread is stopped.</param>
    internal SamplerThread(string name, MeterSampler sampler, RunClock clock, bool readsAtStop)
    {
        this.sampler = sampler;
        this.clock = clock;
        this.readsAtStop = readsAtStop;
        thread = new Thread(Loop) { Name = $"meter {name}", IsBackground = true };
        thread.Start();
    }

    /// <summary>The exception that ended the thread early; <c>null</c> if none did.</summary>
    internal Exception? Failure => failure;

    /// <summary>Asks for dense reads around a moment (s from the start of the run). May be called from any thread.</summary>
    internal void Watch(double atSeconds)
    {
        edges.Enqueue(atSeconds);
        wake.Set();
    }

    /// <summary>Asks the thread to end, without waiting for it.</summary>
    internal void BeginStop()
    {
        isStopping = true;
        wake.Set();
    }

    /// <summary>Waits for the thread to end.</summary>
    /// <param name="longest">The longest wait: a call that is stuck in a driver must not hold up the run.</param>
    /// <returns>Whether the thread ended within that time.</returns>
    internal bool Join(TimeSpan longest) => thread.Join(longest);

    public void Dispose()
    {
        BeginStop();
        if (thread.Join(LastWait))
        {
            wake.Dispose();
        }
    }

    private void Loop()
    {
        try
        {
            while (!isStopping)
            {
                while (edges.TryDequeue(out double edge))
                {
                    sampler.Watch(edge);
                }

                double next = sampler.ReadAndPlanNextSeconds();
                sampler.Cost.SetProcessorSeconds(ThreadProcessorTime.Seconds() ?? 0);
                double rest = next - clock.Seconds;
                if (rest > 0)
                {
                    wake.WaitOne(TimeSpan.FromSeconds(Math.Min(rest, LongestRestSeconds)));
                }
            }

            if (readsAtStop)
            {
                sampler.ReadAndPlanNextSeconds();
            }

            sampler.Finish();
        }
        catch (Exception exception)
        {
            // A meter that fails in an unforeseen way is reported by the recording; it must not end the process.
            failure = exception;
        }
    }
}
