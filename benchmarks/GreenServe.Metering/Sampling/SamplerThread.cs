using System.Collections.Concurrent;
using GreenServe.Records.Runs;

namespace GreenServe.Metering.Sampling;

/// <summary>Runs one sampler on a named thread of its own, so that a slow device never delays a fast one.</summary>
internal sealed class SamplerThread : IDisposable
{
    private readonly MeterSampler sampler;
    private readonly RunClock clock;
    private readonly bool readsAtStop;
    private readonly ConcurrentQueue<double> edges = new();
    private readonly AutoResetEvent wake = new(false);
    private readonly Thread thread;
    private volatile bool isStopping;
    private volatile Exception? failure;

    internal SamplerThread(string name, MeterSampler sampler, RunClock clock, bool readsAtStop)
    {
        this.sampler = sampler;
        this.clock = clock;
        this.readsAtStop = readsAtStop;
        thread = new Thread(Loop) { Name = $"meter {name}", IsBackground = true };
        thread.Start();
    }

    /// <summary>What ended the thread early; <c>null</c> if nothing did.</summary>
    internal Exception? Failure => failure;

    internal void Watch(double atSeconds)
    {
        edges.Enqueue(atSeconds);
        wake.Set();
    }

    internal void BeginStop()
    {
        isStopping = true;
        wake.Set();
    }

    /// <summary>Waits for the last read to end.</summary>
    /// <returns>Whether it did within the time; a call stuck in a driver must not hold up the run.</returns>
    internal bool Join(TimeSpan longest) => thread.Join(longest);

    public void Dispose()
    {
        BeginStop();
        if (thread.Join(TimeSpan.FromSeconds(1)))
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

                double next = sampler.Step();
                sampler.Cost.SetProcessorSeconds(ThreadProcessorTime.Seconds() ?? 0);
                double rest = next - clock.Seconds;
                if (rest > 0)
                {
                    wake.WaitOne(TimeSpan.FromSeconds(Math.Min(rest, 3600)));
                }
            }

            if (readsAtStop)
            {
                sampler.Step();
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
