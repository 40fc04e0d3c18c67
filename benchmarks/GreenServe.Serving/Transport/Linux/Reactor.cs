using System.Runtime.InteropServices;
using GreenServe.Records.Runs;

namespace GreenServe.Serving.Transport.Linux;

/// <summary>One thread that waits for its connections on one epoll, reads them, and at once runs the code that awaits the bytes.</summary>
internal sealed class Reactor : IDisposable
{
    private const int MaxEntries = 512;

    /// <summary>Bytes that one read takes at most: hundreds of events, for the case that the thread was late.</summary>
    private const int BufferBytes = 64 * 1024;
    private readonly int poll;
    private readonly int wakeUp;
    private readonly Thread thread;
    private readonly Lock gate = new();
    private readonly LatencyHistogram receiveLags = new();
    private readonly WallClockOffset wallClock = new();
    private ReactorStream?[] streams = new ReactorStream?[1024];
    private long busyTicks;
    private bool isStopping;

    internal Reactor(int number)
    {
        poll = Check(NativeSocket.CreatePoll(NativeSocket.EpollCloseOnExec));
        wakeUp = Check(NativeSocket.CreateEvent(0, NativeSocket.EpollCloseOnExec | 0x800));
        Watch(wakeUp, NativeSocket.Readable);
        thread = new Thread(Run) { Name = $"reader {number}", IsBackground = true };
        thread.Start();
    }

    /// <summary>Whether the kernel stamps arriving bytes with the time. It is assumed until the first connection tells.</summary>
    internal bool HasKernelStamps { get; set; } = true;

    /// <summary>Time of this thread's newest return from the kernel or newest read. Only the thread itself may use it.</summary>
    internal WallClockOffset WallClock => wallClock;

    /// <summary>Receives what arrives on any connection of the reactor. Only the reactor's thread may use it.</summary>
    internal byte[] Buffer { get; } = new byte[BufferBytes];

    /// <summary>Whether the caller runs on this reactor's thread.</summary>
    internal bool IsCurrentThread => Thread.CurrentThread == thread;

    internal void Add(ReactorStream stream, int descriptor)
    {
        lock (gate)
        {
            if (descriptor >= streams.Length)
            {
                ReactorStream?[] larger = new ReactorStream?[Math.Max(descriptor + 1, streams.Length * 2)];
                streams.CopyTo(larger, 0);
                Volatile.Write(ref streams, larger);
            }

            streams[descriptor] = stream;
        }

        Watch(descriptor, NativeSocket.Readable | NativeSocket.Writable | NativeSocket.PeerClosed | NativeSocket.EdgeTriggered);
    }

    /// <summary>Forgets a descriptor that is about to be closed. The kernel takes a closed descriptor out of the epoll.</summary>
    internal void Remove(ReactorStream stream, int descriptor)
    {
        lock (gate)
        {
            if (streams[descriptor] == stream)
            {
                streams[descriptor] = null;
            }
        }
    }

    /// <summary>Counts how long bytes had lain in the kernel. Only the reactor's thread may call it.</summary>
    internal void CountReceiveLag(long nanoseconds)
    {
        lock (receiveLags)
        {
            receiveLags.Add(nanoseconds / 1e9);
        }
    }

    internal void AddReceiveLagsTo(LatencyHistogram total)
    {
        lock (receiveLags)
        {
            total.Add(receiveLags);
        }
    }

    internal double ReadBusySeconds() => Interlocked.Read(ref busyTicks) / (double)TimeProvider.System.TimestampFrequency;

    public void Dispose()
    {
        if (isStopping)
        {
            return;
        }

        Volatile.Write(ref isStopping, true);
        WakeUp();
        if (!IsCurrentThread)
        {
            thread.Join();
        }

        foreach (ReactorStream? stream in streams)
        {
            stream?.Abort();
        }

        _ = NativeSocket.Close(poll);
        _ = NativeSocket.Close(wakeUp);
    }

    private unsafe void Run()
    {
        using PollEntries entries = new(MaxEntries);
        long returned = TimeProvider.System.GetTimestamp();
        while (!Volatile.Read(ref isStopping))
        {
            Interlocked.Add(ref busyTicks, TimeProvider.System.GetTimestamp() - returned);
            int count = NativeSocket.WaitPoll(poll, entries.Pointer, entries.Capacity, -1);
            returned = wallClock.Sample();
            for (int index = 0; index < count; index++)
            {
                int descriptor = entries.DescriptorAt(index);
                ReactorStream?[] current = Volatile.Read(ref streams);
                if (descriptor != wakeUp && descriptor < current.Length)
                {
                    current[descriptor]?.HandleEvents(entries.EventsAt(index));
                }
            }
        }
    }

    private unsafe void Watch(int descriptor, uint events)
    {
        using PollEntries entry = new(1);
        entry.Set(0, events, descriptor);
        Check(NativeSocket.ControlPoll(poll, NativeSocket.ControlAdd, descriptor, entry.Pointer));
    }

    private unsafe void WakeUp()
    {
        ulong one = 1;
        _ = NativeSocket.Write(wakeUp, &one, sizeof(ulong));
    }

    private static int Check(int result) => result >= 0
        ? result
        : throw new IOException(Marshal.GetPInvokeErrorMessage(Marshal.GetLastPInvokeError()));
}
