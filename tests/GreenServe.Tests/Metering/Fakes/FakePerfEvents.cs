using GreenServe.Metering.Rapl;

namespace GreenServe.Tests.Metering.Fakes;

/// <summary>Performance counters that count what a test says.</summary>
internal sealed class FakePerfEvents : IPerfEvents
{
    /// <summary>The error number with which the kernel refuses: no such device, unless a test says otherwise.</summary>
    internal int Refusal { get; init; } = 19;

    internal List<(uint Type, ulong Configuration, int Processor)> Opened { get; } = [];

    internal Dictionary<int, ulong?> Counts { get; } = [];

    internal bool IsAllowed { get; init; }

    public PerfEventOpening Open(uint type, ulong configuration, int processor)
    {
        if (!IsAllowed)
        {
            return PerfEventOpening.Refused(Refusal);
        }

        Opened.Add((type, configuration, processor));
        Counts[Opened.Count - 1] = 0;
        return PerfEventOpening.Opened(Opened.Count - 1);
    }

    public ulong? Read(int handle) => Counts[handle];

    public void Close(int handle) => Counts.Remove(handle);
}
