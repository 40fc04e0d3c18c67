using GreenServe.Metering.Rapl;

namespace GreenServe.Tests.Metering.Fakes;

/// <summary>Performance counters that count what a test says.</summary>
internal sealed class FakePerfEvents : IPerfEvents
{
    internal int Refusal { get; init; } = 19;

    internal List<(uint Type, ulong Configuration, int Processor)> Opened { get; } = [];

    internal Dictionary<int, ulong?> Counts { get; } = [];

    internal bool IsAllowed { get; init; }

    public int Open(uint type, ulong configuration, int processor)
    {
        if (!IsAllowed)
        {
            return -Refusal;
        }

        Opened.Add((type, configuration, processor));
        Counts[Opened.Count - 1] = 0;
        return Opened.Count - 1;
    }

    public ulong? Read(int handle) => Counts[handle];

    public void Close(int handle) => Counts.Remove(handle);
}
